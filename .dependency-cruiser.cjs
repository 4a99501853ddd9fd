// The layering of the product: who may know whom.
const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });
const ours = "^(extension|webview)/";
module.exports = {
  forbidden: [
    rule("no-cycles", "One direction of dependencies", {}, { circular: true }),
    rule("no-unresolved", "Every import resolves", {}, { couldNotResolve: true, pathNot: "^(vscode)$" }),
    rule(
      "protocol-is-a-leaf",
      "protocol imports nothing of ours",
      { path: "^extension/protocol/" },
      { path: ours, pathNot: "^extension/protocol/" },
    ),
    rule(
      "run-folder-is-a-leaf",
      "what reads and writes run folders for host and trainer knows neither, and nothing of VS Code",
      { path: "^extension/runFolder/" },
      { path: `${ours}|^vscode$`, pathNot: "^extension/(runFolder|protocol)/" },
    ),
    rule(
      "processes-are-a-leaf",
      "what starts and ends processes for host and trainer knows neither",
      { path: "^extension/processes/" },
      { path: ours, pathNot: "^extension/(processes|protocol)/" },
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
      { path: ours, pathNot: "^extension/(trainer/kernels/|protocol/parts)" },
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
      { path: "^extension/trainer/(nn|models|theory)/|^extension/trainer/training/step\\.ts$" },
      {
        path: "^(?!extension/(protocol|trainer/(kernels|nn|models|training|theory))/|node_modules/zod/)",
        reachable: true,
      },
    ),
    rule(
      "trainer-without-host",
      "the trainer runs without VS Code",
      { path: "^extension/trainer/" },
      { path: "^vscode$|^extension/(commands|views|runs|vscode)/|^extension/(main|extension)\\.ts$" },
    ),
    rule(
      "images-in-the-decoder-only",
      "sharp may crash on a hostile file: only the decoder process loads it",
      { path: "^extension/", pathNot: "^extension/trainer/data/(decoder|codec)" },
      { path: "node_modules/sharp" },
    ),
    rule(
      "webview-in-a-browser",
      "the webview knows the protocol alone, and nothing of Node",
      { path: "^webview/" },
      { path: "^extension/", pathNot: "^extension/protocol/" },
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
      { path: "^extension/(commands|views|runs|vscode|viewer)/|^extension/(main|extension)\\.ts$" },
      { path: "^extension/trainer/", pathNot: "^extension/trainer/theory/" },
    ),
    rule(
      "theory-when-asked",
      "a bundle of its own, which the host loads when it is asked for it",
      { path: "^extension/(commands|views|runs|vscode|viewer)/|^extension/(main|extension)\\.ts$" },
      { path: "^extension/trainer/", dynamic: false, dependencyTypesNot: ["type-only"] },
    ),
    rule(
      "host-without-libraries",
      "no tensor and no image library in the host",
      { path: "^extension/(commands|views|runs|vscode|viewer)/|^extension/(main|extension)\\.ts$" },
      { path: "node_modules/(@tensorflow|sharp)" },
    ),
    rule(
      "runs-without-vscode",
      "run folders and trainers are handled, and tested, without VS Code",
      { path: "^extension/(runs|viewer)/" },
      { path: "^vscode$|^extension/(commands|views|vscode)/|^extension/(main|extension)\\.ts$" },
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
