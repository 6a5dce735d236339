import { readFileSync } from 'node:fs'

export function ownPid(): number {
  return process.pid
}

/** Whether a process is this one, or one by which this one was started, at whatever distance; without `/proc` its parent only. */
export function hasStarted(pid: number): boolean {
  for (let one: number | undefined = process.pid; one !== undefined && one > 1; one = parentOf(one))
    if (one === pid) return true
  return false
}

function parentOf(pid: number) {
  try {
    // proc(5): the number, the name in brackets, the state, the parent.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return pid === process.pid ? process.ppid : undefined
  }
}
