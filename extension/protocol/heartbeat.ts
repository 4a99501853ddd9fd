/** The file descriptor of the child on which its heart beats, from a thread of its own: a byte a beat. */
export const heartbeatDescriptor = 4;

/** Milliseconds between two beats. */
export const heartbeatInterval = 1000;
