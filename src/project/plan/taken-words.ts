/** That nobody can say here what switches have taken, and why. */
export function untoldWords(why: string): string {
  return `what switches have taken is not known here: ${why}`
}

/** That what was taken by a switch does not count for those whose version nobody has read. */
export function unreadWords(devices: readonly string[]): string {
  return `a switch has taken lines of such a form, and the version of ${devices.join(', ')} is on no record: a plan or a snapshot reads it`
}
