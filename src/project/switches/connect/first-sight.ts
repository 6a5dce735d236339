import { constants } from 'node:fs'
import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { FirstSight, TrustAtFirstSight } from '../../../eos/transport/connection/first-sight.ts'
import { EosflowError } from '../../../model/error.ts'
import { visibleLine } from '../../../report/text/visible.ts'
import { readRegularText } from '../../system/machine/regular-file.ts'
import type { Console } from '../../system/process/console.ts'
import type { Host } from '../../system/process/host.ts'
import type { TrustRecord } from './trust-record.ts'

/**
 * Asks the person at the terminal about each key that is met for the first time, one question at a time, and appends
 * what is trusted to its file. In a pipeline nobody is asked and nothing is trusted.
 */
export function askAtFirstSight(
  { env }: Pick<Host, 'env'>,
  caller: Console,
  pathOf: (file: string) => string,
  record?: TrustRecord,
): TrustAtFirstSight {
  let asked: Promise<unknown> = Promise.resolve()
  return (sight) => {
    if (!caller.interactive || env.CI !== undefined) return Promise.resolve(false)
    const answer = asked.then(() => trusted(caller, sight, pathOf(sight.file), record))
    asked = answer.catch(() => undefined)
    return answer
  }
}

async function trusted(
  caller: Console,
  sight: FirstSight,
  path: string,
  record: TrustRecord | undefined,
): Promise<boolean> {
  // Another connection to the same switch may have asked about the same key meanwhile.
  if (isKept(path, sight.line)) return true
  const answer = (await caller.ask(question(sight)))?.trim()
  if (answer !== 'yes' && answer !== sight.fingerprint) return false
  const { device, transport, fingerprint } = sight
  await record?.({ type: 'HostTrusted', device, transport, fingerprint })
  await keep(path, sight.line)
  return true
}

function question({ device, who, host, port, what, fingerprint, file, compareWith }: FirstSight): string {
  const seen = visibleLine(`${device} (${host} port ${port}) shows a ${what} that ${file} does not hold:`)
  return `${seen}\n  ${visibleLine(fingerprint)}\nCompare it on the console of ${who}: ${compareWith}\nTrust it from now on? (yes, no, or the fingerprint itself) `
}

function isKept(path: string, line: string): boolean {
  return textIn(path)
    .split('\n')
    .some((one) => one.trim() === line)
}

function textIn(path: string): string {
  try {
    return readRegularText(path)
  } catch {
    return ''
  }
}

/** No symbolic link is followed: who can put one there would choose what is written to. */
const APPENDED = constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW

async function keep(path: string, line: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const before = textIn(path)
  const begin = before === '' || before.endsWith('\n') ? '' : '\n'
  await appendFile(path, `${begin}${line}\n`, { mode: 0o600, flag: APPENDED }).catch((cause: unknown) => {
    const isLink = cause instanceof Error && 'code' in cause && cause.code === 'ELOOP'
    if (!isLink) throw cause
    throw new EosflowError('guard', `${path} is a symbolic link, which is not written through: the key is not kept`, {
      hint: 'Name the file itself in eosflow.yaml.',
      cause,
    })
  })
}
