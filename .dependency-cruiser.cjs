// The layering of the product: who may know whom.
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const ours = "^(extension|webview)/";
/** Leaves that may run in a browser, apart from reading a configuration's file. */
const pure = "protocol|configuration|comparison|charts";
const leaves = `^extension/(${pure}|files|runFolder|processes|cluster)/|^extension/imageFormats\\.ts$`;
const host = "^extension/(vscode|host|browserServer)/";
module.exports = {
  forbidden: [
    rule("no-cycles", "One direction of dependencies", {}, { circular: true }),
    rule("no-unresolved", "Every import resolves", {}, { couldNotResolve: true, pathNot: "^(vscode)$" }),
    rule(
      "leaves-know-leaves",
      "what host, trainer and webview share imports nothing else of ours, and nothing of VS Code",
      { path: leaves },
      { path: `${ours}|^vscode$`, pathNot: leaves },
    ),
    rule(
      "processes-start-in-one-place",
      "every process has its output, its end and its deadlines looked after",
      { path: "^extension/", pathNot: "^extension/processes/" },
      { path: "^(node:)?child_process$" },
    ),
    rule(
      "nn-knows-kernels-only",
      "layers are written in kernels",
      { path: "^extension/trainer/nn/" },
      { path: ours, pathNot: "^extension/trainer/(nn|kernels)/" },
    ),
    rule(
      "kernels-know-nothing",
      "kernels know only themselves and the names of the parts",
      { path: "^extension/trainer/kernels/" },
      { path: ours, pathNot: "^extension/(trainer/kernels/|protocol/memoryParts)" },
    ),
    rule(
      "kernels-and-nn-stay-pure",
      "no files, no processes",
      { path: "^extension/trainer/(nn|kernels)/" },
      { dependencyTypes: ["core"] },
    ),
    rule(
      "networks-and-theory-stay-pure",
      "layers, models and what runs a step of them open no engine, no file and no process: they may be bundled anywhere",
      { path: "^extension/trainer/(nn|models|memoryTheory)/|^extension/trainer/training/trainingStep\\.ts$" },
      {
        path: "^(?!extension/(protocol|configuration|trainer/(kernels|nn|models|training|memoryTheory))/|extension/trainer/(random|formatBytes)\\.ts$|node_modules/zod/)",
        reachable: true,
      },
    ),
    rule(
      "trainer-without-host",
      "the trainer runs without VS Code",
      { path: "^extension/trainer/" },
      { path: "^vscode$|^extension/(vscode|host)/" },
    ),
    rule(
      "images-in-the-decoder-only",
      "sharp may crash on a hostile file: only the decoder process loads it",
      { path: "^extension/", pathNot: "^extension/trainer/data/decoder/(decoder|readImage|writeImage)\\.ts" },
      { path: "node_modules/sharp" },
    ),
    rule(
      "webview-in-a-browser",
      "the webview knows messages, configurations and comparisons, and nothing of Node",
      { path: "^webview/" },
      { path: "^extension/", pathNot: `^extension/(${pure})/` },
    ),
    rule("webview-without-node", "browser code only", { path: "^webview/" }, { dependencyTypes: ["core"] }),
    rule(
      "toolkit-in-ui-only",
      "a swap of the component toolkit touches one folder",
      { path: "^webview/", pathNot: "^webview/ui/" },
      { path: "webview-ui-toolkit|@microsoft/fast" },
    ),
    rule(
      "host-without-trainer",
      "the host starts the trainer, and never loads what it loads, but for what a network costs by theory",
      { path: host },
      { path: "^extension/trainer/", pathNot: "^extension/trainer/memoryTheory/" },
    ),
    rule(
      "theory-when-asked",
      "a bundle of its own, which the host loads when it is asked for it",
      { path: host },
      { path: "^extension/trainer/", dynamic: false, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "host-without-libraries",
      "no tensor and no image library in the host",
      { path: host },
      { path: "node_modules/(@tensorflow|sharp)" },
    ),
    rule(
      "host-without-vscode",
      "run folders and trainers are handled, and tested, without VS Code",
      { path: "^extension/(host|browserServer)/" },
      { path: "^vscode$|^extension/vscode/" },
    ),
    rule(
      "product-without-tests",
      "the product imports nothing from test",
      { path: ours },
      { path: "^(test|packaging)/" },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    // The build script has the name of the package that it runs.
    exclude: { path: "^esbuild\\.mjs$" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
