import { expect, test } from 'vitest'
import { mendOf, reasonOf } from '../../../src/eos/transport/connection/reason-of.ts'

const NO_FILE = 'Nothing was sent. Let the process have more files open: ulimit -n'
const NO_ADDRESS =
  'Write the address into the inventory (host: 10.0.0.11), or a name that this machine knows: getent hosts NAME'

test.each([
  [
    'EMFILE',
    'connect EMFILE 10.0.0.11:443 - Local (undefined:undefined)',
    'no more files may be open here, and a connection is one (EMFILE)',
    NO_FILE,
  ],
  [
    'ENFILE',
    'connect ENFILE 10.0.0.11:443',
    'no more files may be open here, and a connection is one (ENFILE)',
    NO_FILE,
  ],
  ['ENOTFOUND', 'getaddrinfo ENOTFOUND leaf1', 'this name has no address here (ENOTFOUND)', NO_ADDRESS],
  ['ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.11:443', 'connect ECONNREFUSED 10.0.0.11:443', 'otherwise'],
  ['ECONNREFUSED', '', 'ECONNREFUSED', 'otherwise'],
])('%s: %s', (code, message, reason, mend) => {
  const error = Object.assign(new Error(message), { code })
  expect([reasonOf(error), mendOf(error, 'otherwise')]).toEqual([reason, mend])
})

test('a name with several addresses fails with one error for each of them', () => {
  const errors = ['10.0.0.11', '10.0.0.12'].map((host) => new Error(`connect ECONNREFUSED ${host}:443`))
  expect(reasonOf(new AggregateError(errors))).toBe(
    'connect ECONNREFUSED 10.0.0.11:443, connect ECONNREFUSED 10.0.0.12:443',
  )
})
