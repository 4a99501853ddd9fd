import * as vscode from "vscode";

/** Reports progress. */
export type Report = (done: number, of: number, text: string) => void;

/** Runs work under a progress notification; its signal is aborted when the user cancels. */
export function withProgress<T>(title: string, work: (report: Report, signal: AbortSignal) => Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return Promise.resolve(
    vscode.window.withProgress(options, async (progress, token) => {
      const stopper = new AbortController();
      const subscription = token.onCancellationRequested(() => stopper.abort());
      let before = 0;
      const report: Report = (done, of, text) => {
        const percent = of > 0 ? (100 * done) / of : 0;
        progress.report({ message: text, increment: Math.max(0, percent - before) });
        before = Math.max(before, percent);
      };
      try {
        return await work(report, stopper.signal);
      } finally {
        subscription.dispose();
      }
    }),
  );
}
