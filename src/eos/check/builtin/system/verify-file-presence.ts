import { z } from 'zod'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { defineVerifyEach } from '../../area/define-verify.ts'
import { word } from '../../input/words.ts'

/** The flash drives by the names that the active supervisor has for them (that of the other supervisor is unproven: docs/unproven.md). */
const DRIVES = [
  { drive: 'flash:/', where: '' },
  { drive: 'supervisor-peer:/mnt/flash', where: ' on standby supervisor' },
] as const

const directory = () =>
  z.object({
    urls: byName(z.object({ entries: byName(z.looseObject({})).optional() })).optional(),
  })

/** Files are there on flash, of the other supervisor too if that is asked for. */
export const verifyFilePresence = defineVerifyEach({
  name: 'VerifyFilePresence',
  summary: 'Verifies that files are on the flash drive of the switch.',
  docs: 'Passes when each file is found. With `check_peer_supervisor` each must be on the standby supervisor too.',
  example: { filenames: ['script.py'], check_peer_supervisor: true },
  input: () =>
    z.strictObject({
      filenames: z.array(word()).min(1).describe('Names of the files, with their extensions.'),
      check_peer_supervisor: z.boolean().default(false).describe('Whether to verify the standby supervisor too.'),
    }),
  commands: ({ check_peer_supervisor }) =>
    DRIVES.slice(0, check_peer_supervisor ? 2 : 1).map(({ drive }) => ({ cmd: `dir ${drive}`, revision: 2 })),
  answer: directory,
  judge: ({ filenames }, answers) =>
    passUnless(
      answers.flatMap(({ urls }, index) => {
        const { drive, where } = DRIVES[index] ?? DRIVES[0]
        const entries = urls?.get(drive)?.entries
        const missing = filenames.filter((name) => Object.keys(entries?.get(name) ?? {}).length === 0)
        return missing.map((name) => `File: ${name} - Not found${where}`)
      }),
    ),
})
