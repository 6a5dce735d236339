import { expect, test } from 'vitest'
import { postgresError } from '../../../../src/change/record/postgres/postgres-error.ts'
import { segmentFailure } from '../../../../src/project/record/upkeep/seal.ts'

const address = { host: '127.0.0.1', port: 5432, database: 'eosflow', user: 'u' }

test('what the disk refuses is named as that, and a database that is not reached is not', () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC', syscall: 'write' })
  expect(segmentFailure('/s', full, 'all is there')).toMatchObject({
    message: 'no segment can be put into /s (ENOSPC): all is there',
  })
  const cut = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' })
  const away = postgresError(address, cut)
  expect(segmentFailure('/s', away, 'all is there')).toBe(away)
})
