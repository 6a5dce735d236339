import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Hour } from './hour.ts'
import type { Mistake } from './mistake.ts'

const CHANGE = 'run workflows/ntp.yaml -p server=198.51.100.13'

/** The hour of an auditor begins behind a change that was made. */
const afterChange =
  (make: (hour: Hour) => Promise<void>) =>
  async (hour: Hour): Promise<void> => {
    // What is on record matters here, and not how long the network was looked at.
    hour.edit('workflows/ntp.yaml', 'stableFor: 10s', 'stableFor: 0s')
    await hour.prepares(CHANGE, { answers: ['yes'] })
    await make(hour)
  }

/** ... and with an export of its record, and the public key. */
const afterExport = (make: (hour: Hour) => Promise<void>): ((hour: Hour) => Promise<void>) =>
  afterChange(async (hour) => {
    await hour.prepares('audit export --format jsonl --to audit.jsonl')
    hour.write('eosflow.pub', await hour.prepares('audit key'))
    await make(hour)
  })

const types =
  (command: string) =>
  (hour: Hour): Promise<void> =>
    hour.types(command)

/** The mistakes of an auditor, by their id. */
export const AUDITOR: Readonly<Record<string, Mistake>> = {
  a01: { rating: 3, make: types('audit verify') },
  a02: { rating: 3, make: afterChange(types('audit verify 20260101-000000-deadbeef')) },
  a03: { rating: 3, make: afterChange(types('audit verify audit.jsonl')) },
  a04: {
    rating: 3,
    make: afterExport(async (hour) => {
      hour.edit('audit.jsonl', '198.51.100.13', '198.51.100.66')
      await hour.types('audit verify audit.jsonl --pubkey eosflow.pub')
    }),
  },
  a05: {
    rating: 3,
    make: afterExport(async (hour) => {
      hour.edit('audit.jsonl', /[^\n]{40}\n$/, '')
      await hour.types('audit verify audit.jsonl --pubkey eosflow.pub')
    }),
  },
  a06: {
    rating: 3,
    make: afterExport(async (hour) => {
      hour.write(
        'eosflow.pub',
        '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAPuiwhuyLqbAv9nrPVByCVCgQUXvYUmHQoCAtFBwjB+4=\n-----END PUBLIC KEY-----\n',
      )
      await hour.types('audit verify audit.jsonl --pubkey eosflow.pub')
    }),
  },
  a07: {
    rating: 3,
    make: afterExport(async (hour) => {
      mkdirSync(join(hour.dir, '../elsewhere'))
      await hour.types('audit verify ../my-network/audit.jsonl', { cwd: '../elsewhere' })
    }),
  },
  a08: { rating: 3, make: afterChange(types('audit list --since 24.11.2026')) },
  a09: { rating: 3, make: afterChange(types('audit list --since 2026-01-05 --until 2026-01-01')) },
  a10: { rating: 3, make: afterChange(types('audit list --actor anna')) },
  a11: { rating: 3, make: afterChange(types('audit list --device laef1')) },
  a12: { rating: 3, make: afterExport(types('audit export --format jsonl --to audit.jsonl')) },
  a13: { rating: 3, make: afterChange(types('audit export --format jsonl --to exports/audit.jsonl')) },
  a14: {
    rating: 3,
    make: afterChange(async (hour) => {
      chmodSync(join(hour.dir, '.eosflow'), 0)
      await hour.typesAsUser('audit list')
      chmodSync(join(hour.dir, '.eosflow'), 0o700)
    }),
  },
  a15: {
    rating: 3,
    make: async (hour) => {
      await hour.prepares('audit key')
      hour.write('.eosflow/store.db', 'this is no database\n')
      await hour.types('audit list')
    },
  },
}
