import type { TrainerFailure, TrainerMessage } from "../protocol/trainer";

/** The state of a training in a child process. */
export type TrainingState =
  | { readonly name: "starting"; readonly note: string }
  | { readonly name: "running" | "stopping" }
  /** `why` is what the pause waits for; null when the user requested the pause. */
  | { readonly name: "paused"; readonly why: string | null }
  | { readonly name: "stopped" | "finished" }
  | { readonly name: "failed"; readonly failure: TrainerFailure };

/** An event that may change the state of a training. */
export type TrainingEvent =
  | Extract<TrainerMessage, { type: "hello" | "started" | "note" | "state" | "ended" }>
  /** The user asked to stop the training; its state is `stopping` at once, before the trainer confirms. */
  | { readonly type: "stopRequested" }
  /** The process has exited; `failure` says why. */
  | { readonly type: "exited"; readonly failure: TrainerFailure };

export const initialState: TrainingState = { name: "starting", note: "Starting the trainer" };

/** Whether the state is final. */
export function isOver(state: TrainingState): boolean {
  return state.name === "stopped" || state.name === "finished" || state.name === "failed";
}

/** The state after an event. A final state never changes. */
export function afterEvent(state: TrainingState, event: TrainingEvent): TrainingState {
  if (isOver(state)) return state;
  switch (event.type) {
    case "hello":
      return state.name === "starting" ? { name: "starting", note: "Checking the data" } : state;
    case "note":
      return state.name === "starting" && event.level === "info" ? { name: "starting", note: event.text } : state;
    case "started":
      return state;
    case "state":
      // This message was sent before the trainer received the request to stop. It must not change the state back to running.
      if (state.name === "stopping") return state;
      return event.state === "paused" ? { name: "paused", why: event.why ?? null } : { name: event.state };
    case "stopRequested":
      return { name: "stopping" };
    case "ended":
      return ended(event.failure);
    case "exited":
      return state.name === "stopping" ? { name: "stopped" } : { name: "failed", failure: event.failure };
  }
}

function ended(failure: TrainerFailure | null): TrainingState {
  if (failure === null) return { name: "finished" };
  return failure.code === "interrupted" ? { name: "stopped" } : { name: "failed", failure };
}
