import type { TrainerFailure, TrainerMessage } from "../protocol/trainer";

/** How a training in a child process stands. */
export type TrainingState =
  | { readonly name: "starting"; readonly note: string }
  | { readonly name: "running" | "stopping" }
  /** Null where the user asked for it. */
  | { readonly name: "paused"; readonly why: string | null }
  | { readonly name: "stopped" | "finished" }
  | { readonly name: "failed"; readonly failure: TrainerFailure };

/** What changes it. */
export type TrainingEvent =
  | Extract<TrainerMessage, { type: "hello" | "started" | "note" | "state" | "ended" }>
  /** The user asked to stop; acknowledged at once, whatever the trainer is computing. */
  | { readonly type: "stopAsked" }
  /** The process is gone; `failure` explains it. */
  | { readonly type: "gone"; readonly failure: TrainerFailure };

export const initialState: TrainingState = { name: "starting", note: "Starting the trainer" };

/** Whether a training is over for good. */
export function isOver(state: TrainingState): boolean {
  return state.name === "stopped" || state.name === "finished" || state.name === "failed";
}

/** The state after an event. Nothing brings an ended training back. */
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
      // Who asked to stop does not see it running again because a message was under way.
      if (state.name === "stopping") return state;
      return event.state === "paused" ? { name: "paused", why: event.why ?? null } : { name: event.state };
    case "stopAsked":
      return { name: "stopping" };
    case "ended":
      return ended(event.failure);
    case "gone":
      return state.name === "stopping" ? { name: "stopped" } : { name: "failed", failure: event.failure };
  }
}

function ended(failure: TrainerFailure | null): TrainingState {
  if (failure === null) return { name: "finished" };
  return failure.code === "interrupted" ? { name: "stopped" } : { name: "failed", failure };
}
