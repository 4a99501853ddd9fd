/** Whether the user wants no motion: VS Code's setting, or the system's. */
export function reducesMotion(): boolean {
  return (
    document.body.classList.contains("vscode-reduce-motion") || matchMedia("(prefers-reduced-motion: reduce)").matches
  );
}
