import { antaWords } from '../../../eos/check/anta-words.ts'
import { knownChecks } from '../../../eos/check/builtin/known-checks.ts'
import { type CatalogEntry, entryOf } from '../../../eos/check/read-catalog.ts'
import { commandsOf, judgeAll } from '../../../eos/check/run.ts'
import { redact } from '../../../eos/config/secrets/secrets.ts'
import type { Reply } from '../../../eos/device/device.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError, type Verdict } from '../../../model/error.ts'
import { definedMembers, isJsonObject } from '../../../model/json.ts'
import type { CheckResult } from '../../../report/check-results/formats.ts'
import { type LocatedValue, placeOf } from '../../../text/source/located.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { orProblems } from '../../system/process/input-error.ts'
import { documentGiven } from '../../system/process/read-document.ts'
import { readGiven } from '../../system/process/read-given.ts'
import { noSeams } from '../../system/process/seams.ts'
import { requireCheck } from './require-check.ts'

export function resultOf(device: string, entry: CatalogEntry, verdict: Verdict): CheckResult {
  const { spec, categories, description, customField } = entry
  return {
    device,
    check: spec.name,
    categories,
    description,
    ...definedMembers({ customField }),
    ...antaWords(verdict),
    commands: [...new Set(commandsOf([spec]).map(({ cmd }) => redact(cmd)))],
  }
}

export interface PreparedCheck {
  readonly name: string
  readonly entry: CatalogEntry
  readonly commands: readonly Command[]
}

/** Throws InputError. */
export function prepareCheck(host: WordedHost, name: string, inputs: LocatedValue): PreparedCheck {
  const check = requireCheck(host, name, knownChecks)
  const entry = orProblems(entryOf(check, inputs, placeOf(inputs)))
  return { name: check.name, entry, commands: commandsOf([entry.spec]) }
}

/** Throws InputError. */
export async function trySaved(
  host: Host,
  { entry, commands }: PreparedCheck,
  files: readonly string[],
): Promise<CheckResult> {
  const replies = commands.map((command, index) => savedAnswer(host, command, files[index] ?? ''))
  const now = (host.seams ?? noSeams).clock.now() / 1000
  const judgements = await judgeAll([entry.spec], replies, { device: 'saved answers', now, baseline: {} })
  const [result] = judgements.map(({ verdict }) => resultOf('saved answers', entry, verdict))
  if (result === undefined) throw new EosflowError('bug', 'nothing was judged')
  return result
}

function savedAnswer(host: Host, { cmd, format }: Command, file: string): Reply {
  if (format === 'text') return { ok: true, json: new TextDecoder().decode(readGiven(host, file)) }
  const { value } = documentGiven(host, file)
  const result =
    isJsonObject(value) && Array.isArray(value.result) && value.result.length === 1 ? value.result[0] : value
  return result === undefined || result === null
    ? { ok: false, error: `\`${cmd}\` was not answered` }
    : { ok: true, json: result }
}
