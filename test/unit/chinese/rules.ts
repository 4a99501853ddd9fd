/** Words of Latin letters that Chinese texts keep: names, units, file formats, and the keys and values of `revgan.json`. */
const keptWords = new Set(
  [
    "A B RevGAN VS Code GAN CycleGAN pix2pix PatchGAN U-Net Adam TensorFlow TensorBoard WebAssembly WebGPU PyTorch ONNX onnxruntime",
    "safetensors wgpu-native NVIDIA CUDA cuDNN Apple CPU GPU Python Linux Mac Windows WSL SSH Remote-SSH VSIX Node.js MIT F1 Shift null",
    "NIfTI PNG JPEG WebP TIFF AVIF GIF CSV SVG MAE PSNR SSIM IoU L1 Wasserstein arm64 x64 dB kB MB GB TB",
    "train trainA trainB val valA valB test testA testB lr hr store recompute paired unpaired run.json revgan.json",
    "pth G_B G_A.model.26 W MLflow Winograd van der Ouderaa Tycho Daniel Worrall CVPR Phillip Isola Jun-Yan Zhu Data Science Bowl English",
  ].flatMap((line) => line.split(" ")),
);

/**
 * What breaks the rules of `docs/translating.md` in a Chinese text, each with the place where it does.
 * @param kept further words that stay as they are
 */
export function styleFaults(text: string, kept: readonly string[] = []): string[] {
  const plain = plainText(text);
  const found = (pattern: RegExp, rule: string): string[] =>
    [...plain.matchAll(pattern)].map(({ index }) => `${rule}: “${plain.slice(Math.max(0, index - 4), index + 6)}”`);
  return [
    ...foreignWords(plain)
      .filter((word) => !kept.includes(word))
      .map((word) => `English is left: “${word}”`),
    ...found(/\p{Script=Han}[\w{`+−]|[\w}`%]\p{Script=Han}/gu, "a space is missing"),
    ...found(/\p{Script=Han} +\p{Script=Han}| {2,}(?=\S)/gu, "a space is too many"),
    ...found(/\p{Script=Han}[,.:;?!()"]|[,:;?!()"] ?\p{Script=Han}/gu, "punctuation has to be Chinese"),
    ...found(/ [，。：；？！（）、“”]|[，。：；？！（）、“”] /g, "no space beside Chinese punctuation"),
  ];
}

/** The Latin words of a text that are not kept; keys and files, with dots or slashes in them, are. */
export function foreignWords(plain: string): string[] {
  const words =
    plain
      .replace(/`[^`]*`|\{\d+\}|revgan (train|evaluate|compare)( --config| FOLDER)?/g, " ")
      .match(/[A-Za-z][\w./*-]*/g) ?? [];
  return words.filter((word) => !keptWords.has(word) && !/^(revgan|network|training|data)\.\w/.test(word));
}

/** A text without links' addresses and Markdown's marks, and with commands as in `RevGAN: 新建实验…` with their category as a word. */
function plainText(text: string): string {
  return text
    .replace(/^```[\s\S]*?^```$/gm, "")
    .replaceAll("``", "`")
    .replace(/\]\([^)]*\)/g, "")
    .replace(/!?\[|\]|\*+/g, "")
    .replace(/RevGAN: /g, "RevGAN ")
    .replace(/ *\| */g, "\n")
    .replace(/\.revgan\/runs/g, "RevGAN");
}

/** What a translation must have as often as the English text: placeholders, code, commands, paragraphs. */
export function factsOf(text: string): string[] {
  const facts =
    text.replaceAll("``", "`").match(/\{\d+\}|`[^`]+`|\]\([^)]+\)|\n|\b(?:revgan|network|training|data)\.[\w.]*\w/g) ??
    [];
  return facts.map((fact) => (fact === "\n" ? "a new line" : fact)).sort();
}

/** What is in one list and not in the other, each as often as it is. */
export function difference(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
