/** The seconds of a commit timer `hh:mm:ss`, hours with one digit or two (docs/eos.md 2.1); undefined for anything else. */
export function readTimer(text: string): number | undefined {
  const match = /^(\d{1,2}):([0-5]\d):([0-5]\d)$/.exec(text)
  if (match === null) return undefined
  const seconds = Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3])
  return seconds > 0 ? seconds : undefined
}
