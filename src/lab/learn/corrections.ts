import { heredocBodies, isTerminator } from '../../eos/config/text/command-line.ts'
import { type RawOutcome, rawText } from '../../eos/device/device.ts'
import { END_SESSIONS } from '../../features/conformance/kit/conversation.ts'
import type { RecordedStep } from '../../features/conformance/kit/recording.ts'
import { givenJson, isJsonObject, type Json } from '../../model/json.ts'

/** One answer that the simulator gives otherwise than the switch. */
export interface Correction {
  readonly probe: string
  readonly step: string
  readonly command: string
  readonly simulator: string
  readonly switch: string
}

const OF_THE_MOMENT = /^(?:do )?(?:show (?:clock|logging|version|users)|ping |dir )/

/** The answers of a switch that the simulator gives otherwise, each step by its last answer and each difference once, in the order of the recording. */
export function corrections(
  recorded: readonly RecordedStep[],
  simulated: readonly RecordedStep[],
): readonly Correction[] {
  const ours = lastOf(simulated)
  const all = [...lastOf(recorded)].flatMap(([key, step]) => {
    const other = ours.get(key)
    return other === undefined ? [] : compared(step, other)
  })
  const told = ({ command, simulator, switch: said }: Correction) => JSON.stringify([command, simulator, said])
  return all.filter((one, at) => all.findIndex((other) => told(other) === told(one)) === at)
}

function lastOf(steps: readonly RecordedStep[]): ReadonlyMap<string, RecordedStep> {
  // What ends sessions that may be gone says nothing new.
  const answered = steps.filter(({ outcomes, step }) => outcomes !== undefined && step !== END_SESSIONS)
  return new Map(answered.map((step) => [`${step.probe} ${step.step}`, step]))
}

function compared(said: RecordedStep, simulated: RecordedStep): readonly Correction[] {
  return commandsIn(said).flatMap((command, at) => {
    const pair = differing(command, simulated.outcomes?.[at], said.outcomes?.[at])
    if (pair === undefined) return []
    return [{ probe: said.probe, step: said.step, command, simulator: pair[0], switch: pair[1] }]
  })
}

function commandsIn({ request = '', outcomes = [], prompts }: RecordedStep) {
  if (prompts !== undefined) return typedIn(request)
  const body = jsonOf(request)
  const params = isJsonObject(body) && isJsonObject(body.params) ? body.params : {}
  const cmds = Array.isArray(params.cmds) ? params.cmds : []
  const all = cmds.map((one) => (isJsonObject(one) ? String(one.cmd) : String(one)))
  const entered = all[0] === 'enable' ? 1 : 0
  return all.slice(entered, Math.max(outcomes.length, 1) + entered)
}

function typedIn(request: string) {
  const commands: string[] = []
  let texts = 0
  for (const line of request.split('\n').slice(0, -1)) {
    if (texts === 0) {
      commands.push(line.replace(/ \| json(?: version 1)?$/, ''))
      texts = heredocBodies(line, undefined)
    } else if (isTerminator(line)) texts -= 1
  }
  return commands
}

function differing(
  command: string,
  simulator: RawOutcome | undefined,
  said: RawOutcome | undefined,
): readonly [string, string] | undefined {
  if (said === undefined && simulator === undefined) return undefined
  if (said?.ok === true && simulator?.ok === true) return differingResults(command, simulator.result, said.result)
  const [ours, theirs] = [wordsOf(simulator), wordsOf(said)]
  return ours === theirs ? undefined : [ours, theirs]
}

function wordsOf(outcome: RawOutcome | undefined) {
  if (outcome === undefined) return 'the request stops before it'
  return outcome.ok
    ? 'it is carried out'
    : `${outcome.code === undefined ? '' : `${outcome.code} `}${outcome.errors.join('; ')}`
}

function differingResults(command: string, simulator: Json, said: Json): readonly [string, string] | undefined {
  const isText = [simulator, said].every((result) => isJsonObject(result) && 'output' in result)
  if (OF_THE_MOMENT.test(command)) return undefined
  if (!isText) return firstPair(keysOf(simulator), keysOf(said))
  const [ours, theirs] = [simulator, said].map((result) => linesOf(rawText({ ok: true, result }) ?? ''))
  return firstPair(ours ?? [], theirs ?? [])
}

function linesOf(text: string) {
  const lines = text.split('\n').map((line) =>
    line
      .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '<time>')
      .replace(/\b\d{1,2}:\d\d:\d\d\b/g, '<time>')
      .replace(/^(! Startup-config last modified at ).*$/, '$1<time>')
      .replace(/ckp-\d{8}-\d+/g, '<checkpoint>')
      .replace(/-{2,}/g, '--')
      .replace(/(\S) {2,}/g, '$1 ')
      .trimEnd(),
  )
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
}

function keysOf(value: Json, path = ''): readonly string[] {
  if (!isJsonObject(value)) return path.endsWith('.state') || typeof value === 'boolean' ? [`${path}: ${value}`] : []
  return Object.keys(value)
    .sort()
    .flatMap((key) => [
      `${path}.${key}`.slice(path === '' ? 1 : 0),
      ...keysOf(value[key] ?? null, path === '' ? key : `${path}.${key}`),
    ])
}

function firstPair(ours: readonly string[], theirs: readonly string[]): readonly [string, string] | undefined {
  if (ours.length === theirs.length && ours.every((line, at) => line === theirs[at])) return undefined
  const at = ours.findIndex((line, index) => line !== theirs[index])
  const from = at < 0 ? ours.length : at
  return [ours[from] ?? 'nothing more', theirs[from] ?? 'nothing more']
}

function jsonOf(text: string) {
  try {
    return givenJson(text)
  } catch {
    return undefined
  }
}
