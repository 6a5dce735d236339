import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, readableJson } from '../../../model/json.ts'
import type { Reply } from '../../device/device.ts'
import { PERCENT, scrubbedCommand } from '../session/session-words.ts'

/**
 * What the end of an EOS prompt looks like: `leaf1>`, `leaf1(s1)#`, `leaf1(config-s-eosflo-if-Et1)#`, and whatever a
 * `prompt` template puts before it (docs/eos.md 5.2). Any text may look like this: it is a hint, never a proof.
 */
export function looksLikePrompt(text: string): boolean {
  return text.length <= 200 && /^\S.*[>#] ?$/.test(text)
}

export function isSameSwitch(text: string, prompt: string): boolean {
  const host = hostPart(prompt)
  return host !== '' && text.startsWith(host) && /^(?:\([^()]*\)){0,4}[>#] ?$/.test(text.slice(host.length))
}

export function isSamePrompt(one: string, other: string): boolean {
  return withoutClock(one) === withoutClock(other)
}

export function isPrivileged(prompt: string): boolean {
  return prompt.trimEnd().endsWith('#')
}

export function isConfiguring(prompt: string): boolean {
  return /\(config[^()]*\)# ?$/.test(prompt)
}

/** Whether the prompt is that of a config session, whose name it cuts after six or ten characters (docs/eos.md 5.2). */
export function isInSession(prompt: string): boolean {
  return /\(config-s-[^()]*\)# ?$/.test(prompt)
}

const hostPart = (prompt: string) => prompt.trimEnd().replace(/(?:\([^()]*\))*[>#]$/, '')

const withoutClock = (prompt: string) => prompt.trimEnd().replace(/\d\d:\d\d:\d\d/g, '')

// Errors that the CLI prints without a `%` (docs/eos.md 2.6).
const WITHOUT_PERCENT = /^Maximum number of pending sessions/

/** What the CLI complains of in what it printed, without the `%`; empty when it does not. */
export function complaintsIn(lines: readonly string[], complaint = PERCENT): readonly string[] {
  return lines
    .filter((line) => complaint.test(line) || WITHOUT_PERCENT.test(line))
    .map((line) => line.replace(/^\s*%\s*/, ''))
}

/** What a show command printed as text, without blank lines after its end; its errors when it printed nothing but them. */
export function shownText(
  lines: readonly string[],
): { readonly text: string } | { readonly errors: readonly string[] } {
  const first = lines.find((line) => line.trim() !== '')
  if (first === undefined) return { text: '' }
  const errors = complaintsIn([first])
  if (errors.length > 0) return { errors: complaintsIn(lines) }
  const end = lines.findLastIndex((line) => line.trim() !== '')
  return { text: `${lines.slice(0, end + 1).join('\n')}\n` }
}

/** `| json` gives the latest revision, as `version latest` does over eAPI, and `version 1` the first one; no other revision can be asked for (docs/eos.md 1.2). */
export function jsonCommand({ cmd, revision }: Command): string {
  return revision === 1 ? `${cmd} | json version 1` : `${cmd} | json`
}

/** Whether the revision that a command pins, if any, is one that {@link jsonCommand} can ask for. */
export function isRevisionSpoken({ revision }: Command): boolean {
  return revision === undefined || revision === 1
}

/** The model that `| json` printed, or why there is none: `{"errors": […]}`, or the CLI's own words. */
export function shownModel(lines: readonly string[]): Reply {
  const errors = complaintsIn(lines.slice(0, 5))
  const model = readableJson(lines.join('\n'))
  if (model === undefined)
    return { ok: false, error: errors.length > 0 ? errors.join('; ') : 'what it printed is no JSON' }
  const said = isJsonObject(model) && Array.isArray(model.errors) ? model.errors : []
  const refused = said.filter((one) => typeof one === 'string')
  return refused.length > 0 ? { ok: false, error: refused.join('; ') } : { ok: true, json: model }
}

/** Throws `guard` for one that a terminal would take otherwise: `?` asks for help, a control character edits or ends the line. */
export function typedLine(command: Command): string {
  const found = /[\p{Cc}?]/u.exec(command.cmd)?.[0]
  if (found !== undefined) throw untypable(command, found)
  const text = command.input === undefined ? null : /[^\P{Cc}\n\t]/u.exec(command.input)
  if (text !== null) throw untypable(command, text[0])
  return command.cmd.trim()
}

function untypable(command: Command, found: string) {
  const what = found === '?' ? 'holds a `?`, which a terminal takes as a question' : 'holds a control character'
  return new EosflowError('guard', `'${scrubbedCommand(command)}' ${what}: it cannot be typed over SSH`, {
    command: scrubbedCommand(command),
    hint: 'Change the line, or reach the switch over eAPI (transport: eapi).',
  })
}
