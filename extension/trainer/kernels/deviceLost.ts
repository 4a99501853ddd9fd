/** The GPU was lost: its driver was reset, or it was taken away. All tensors are gone. */
export class DeviceLost extends Error {
  constructor(cause: Error) {
    super("the GPU was lost: its driver was reset, or it was taken away", { cause });
  }
}
