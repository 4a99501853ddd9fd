import { AsyncLocalStorage } from "node:async_hooks";
import * as vscode from "vscode";

/** Reports progress: `done` of `of` parts (no percentage if `of` is 0), with a text. */
export type Report = (done: number, of: number, text: string) => void;

/** The cancellation token of the caller, such as a language model, of the work that is being run. */
const caller = new AsyncLocalStorage<vscode.CancellationToken>();

/** Runs `work` so that every {@link withProgress} in it is cancelled with the token, as if the user had cancelled it. */
export function cancelledBy<T>(token: vscode.CancellationToken, work: () => Promise<T>): Promise<T> {
  return caller.run(token, work);
}

/** Runs work under a progress notification; its signal is aborted when the user cancels. */
export function withProgress<T>(title: string, work: (report: Report, signal: AbortSignal) => Promise<T>): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  const outer = caller.getStore();
  return Promise.resolve(
    vscode.window.withProgress(options, async (progress, token) => {
      const stopper = new AbortController();
      const abort = (): void => stopper.abort();
      if (outer?.isCancellationRequested === true) abort();
      const subscriptions = [token.onCancellationRequested(abort), outer?.onCancellationRequested(abort)];
      let before = 0;
      const report: Report = (done, of, text) => {
        const percent = of > 0 ? (100 * done) / of : 0;
        progress.report({ message: text, increment: Math.max(0, percent - before) });
        before = Math.max(before, percent);
      };
      try {
        return await work(report, stopper.signal);
      } finally {
        for (const subscription of subscriptions) subscription?.dispose();
      }
    }),
  );
}
