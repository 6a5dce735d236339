// Commands of which all that follows is prose, a program or an expression: `|` and `>` in it are not the switch's own. Source: the EOS
// manual's syntax of each; the recorded configurations hold `|` and `>` in no others.
const COMMANDS =
  /^(?:description|remark|alias|action|condition|regex|prompt|banner|snmp-server (?:contact|location)|neighbor \S+ description|ip(?:v6)? as-path|ip (?:large-|ext)?community-list|(?:seq )?\d+ remark|\d+ match regex|vrrp \d+ session description)(?:\s|$)/

// Modes whose lines are programs or expressions behind their number.
const MODES = /^(?:alias|role) \S+$/

/** The number of words where it has none. @param words the command, `no` and `default` aside */
export function textStart(words: readonly string[], above: string | undefined): number {
  const hasText = isFreeText(`${words.join(' ')} `, above)
  const start = words.findIndex(
    (word, at) => /^["']/.test(word) || (hasText && at > 0 && isFreeText(`${words.slice(0, at).join(' ')} `, above)),
  )
  return start < 0 ? words.length : start
}

/** `above` is the command it stands under, if any. */
export function isFreeText(line: string, above: string | undefined): boolean {
  if (line.startsWith('!!') || COMMANDS.test(line)) return true
  if (above === undefined) return false
  if (above.startsWith('policy show tech-support') && /^(?:in|ex)clude command show /.test(line)) return true
  return (MODES.test(above) && /^\d+\s/.test(line)) || (above.startsWith('daemon ') && line.startsWith('exec '))
}
