/** The number of this process, and that of the one that has started it. */
export function ownPid(): { readonly pid: number; readonly parent: number } {
  return { pid: process.pid, parent: process.ppid }
}
