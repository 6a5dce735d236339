/** The full id of a commit of Git, by SHA-1 or by SHA-256. */
export const COMMIT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

export function shortCommit(commit: string): string {
  return commit.slice(0, 12)
}
