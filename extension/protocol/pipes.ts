/*
 * Conventions of the pipes between our processes.
 */

/** Most characters of a line. A longer one is a bug of its writer: an evaluation of 100,000 images stays below. */
export const longestLine = 64 * 1024 * 1024;

/** The child's file descriptor for its heartbeat: a thread of its own writes one byte a beat. */
export const heartbeatDescriptor = 4;

/** Milliseconds between two heartbeats. */
export const heartbeatInterval = 1000;
