/** The full id of a commit of Git, by SHA-1 or by SHA-256. A name, a short id and an option are none. */
export const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** A commit as people are shown it. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 12)
}
