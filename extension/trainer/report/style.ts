const columns = Array.from(
  { length: 10 },
  (_, i) => `.n${i + 1}{grid-template-columns:repeat(${i + 1},minmax(0,1fr))}`,
);

/**
 * The page's style: light or dark like the reader's system, and always light on paper. Lines differ in their dashes as well as in their
 * colours.
 */
export const style = `
:root{color-scheme:light dark;--ground:#fff;--raised:#f4f6f8;--text:#1b2026;--dim:#5a646f;--edge:#d5dbe1;
--c0:#1f62b0;--c1:#b35900;--c2:#1b7a48;--c3:#8338a3;--c4:#b3264a}
@media screen and (prefers-color-scheme:dark){:root{--ground:#16191d;--raised:#20252b;--text:#e4e8ec;--dim:#a0aab4;--edge:#3a424b;
--c0:#6fb2f7;--c1:#f0a45c;--c2:#63c98f;--c3:#cf93e6;--c4:#f58aa5}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
main{max-width:980px;margin:0 auto;padding:32px 24px 64px}
h1,h2,h3,h4,h5{line-height:1.25;overflow-wrap:anywhere}
h1{font-size:28px;margin:0 0 4px}
h2{font-size:23px;margin:56px 0 4px;padding-top:20px;border-top:2px solid var(--edge)}
.compared h2{border:0;margin-top:20px;padding:0}
h3{font-size:18px;margin:36px 0 10px}
h4{font-size:15px;margin:20px 0 8px}
h5{font-size:13px;margin:0 0 6px;font-weight:600}
h5 span{font-weight:400;color:var(--dim)}
p{margin:0 0 10px}
.ways,h2.ways{font-size:17px;font-weight:400;margin:0;padding:0;border:0}
.facts,.note,footer{color:var(--dim)}
.note,footer{font-size:13px}
footer{margin-top:48px;border-top:1px solid var(--edge);padding-top:12px}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0 10px}
.card{background:var(--raised);border-radius:8px;padding:10px 14px}
.card dt{font-size:13px;color:var(--dim);overflow-wrap:anywhere}
.card dd{margin:0;font-size:13px;color:var(--dim)}
.card strong{font-size:21px;font-weight:600;color:var(--text);font-variant-numeric:tabular-nums}
.strip{display:grid;gap:8px;margin:0 0 12px;max-width:100%}
${columns.join("\n")}
figure{margin:0}
.picture{max-width:190px}
.picture img{display:block;width:100%;height:auto;border-radius:3px;background:var(--raised)}
.picture figcaption{font-size:12px;color:var(--dim);margin-top:3px;overflow-wrap:anywhere}
.cases{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px 28px}
.charts{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:24px 28px;align-items:start;margin:0 0 10px}
.chart figcaption{font-weight:600;font-size:14px}
.chart>svg{display:block;width:100%;height:auto;font-size:11px;fill:var(--dim)}
.legend{list-style:none;margin:2px 0 6px;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px;font-size:12px;color:var(--dim)}
.legend li{display:flex;align-items:center;gap:6px;overflow-wrap:anywhere}
.swatch{width:26px;height:10px;flex:none}
.grid{stroke:var(--edge);stroke-width:1;fill:none}
.frame{stroke:var(--dim);stroke-width:1;fill:none}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}
.faint{stroke-width:1;opacity:.28;stroke-dasharray:none!important}
.dot{stroke:var(--ground);stroke-width:1}
.line.s0{stroke:var(--c0)}.line.s1{stroke:var(--c1);stroke-dasharray:6 4}.line.s2{stroke:var(--c2);stroke-dasharray:2 3}
.line.s3{stroke:var(--c3);stroke-dasharray:10 3 2 3}.line.s4{stroke:var(--c4)}
.dot.s0{fill:var(--c0)}.dot.s1{fill:var(--c1)}.dot.s2{fill:var(--c2)}.dot.s3{fill:var(--c3)}.dot.s4{fill:var(--c4)}
.wide{overflow-x:auto}
table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;margin:0 0 12px}
caption{text-align:left;color:var(--dim);padding:0 0 4px}
th,td{padding:5px 14px 5px 0;border-bottom:1px solid var(--edge);text-align:right;vertical-align:top}
th{font-weight:600}
thead th{color:var(--dim);vertical-align:bottom}
tbody th,thead tr th:first-child{text-align:left;overflow-wrap:anywhere}
tbody th{font-weight:400}
.wide th:first-child{min-width:130px}
.runs{width:100%}
.runs th[scope=col]{min-width:90px;overflow-wrap:anywhere}
.runs th[scope=rowgroup]{color:var(--dim);font-weight:600;padding-top:14px}
.runs thead td{border-bottom:1px solid var(--edge)}
.pairs{columns:2;column-gap:32px;margin:0 0 12px;font-size:13px;font-variant-numeric:tabular-nums}
.pairs div{display:flex;gap:16px;justify-content:space-between;break-inside:avoid;border-bottom:1px solid var(--edge);padding:5px 0}
.pairs dt{color:var(--dim)}
.pairs dd{margin:0;text-align:right;overflow-wrap:anywhere;min-width:0}
pre{background:var(--raised);border-radius:8px;padding:12px 14px;font:12.5px/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;margin:0 0 12px}
code{font:0.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
details{margin:0 0 12px}
summary{cursor:pointer;color:var(--dim);font-size:13px}
@media (max-width:680px){.charts,.cases{grid-template-columns:minmax(0,1fr)}.pairs{columns:1}}
@page{size:A4;margin:14mm 13mm}
@media print{:root{color-scheme:light}
body{font-size:10pt}
main{max-width:none;padding:0}
h2{break-before:page;border:0;padding:0;margin:0 0 4px}
.compared h2,h2.ways{break-before:auto}
h3,h4,h5,caption{break-after:avoid}
.strip,.case,.chart,.card,tr,table.narrow{break-inside:avoid}
.wide{overflow:visible}
.cards{grid-template-columns:repeat(5,minmax(0,1fr))}
.card{padding:0 4px 0 0}
.card strong{font-size:14pt}
section>p{break-after:avoid}
table{font-size:8.5pt}
.runs{font-size:7pt}
.runs th,.runs td{padding-right:7px}
summary{list-style:none}
.charts,.cases{grid-template-columns:repeat(2,minmax(0,1fr))}
details:not([open]){display:none}}
`;
