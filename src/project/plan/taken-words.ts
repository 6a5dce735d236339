export function untoldWords(why: string): string {
  return `what switches have taken is not known here: ${why}`
}

export function unreadWords(devices: readonly string[]): string {
  return `a switch has taken lines of such a form, and the version of ${devices.join(', ')} is on no record: a plan or a snapshot reads it`
}
