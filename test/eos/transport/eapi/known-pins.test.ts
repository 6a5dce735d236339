import { expect, test } from 'vitest'
import { judgePin, pinnedName } from '../../../../src/eos/transport/eapi/open-socket.ts'

const OURS = 'sha256/47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
const OTHER = 'sha256/n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg='
const LEAF1 = pinnedName('Leaf1.example.net', 443)

test.each([
  ['nothing', '', { verdict: 'unknown' }],
  ['the pin', `[leaf1.example.net]:443 ${OURS}\n`, { verdict: 'known' }],
  ['the name in capitals, and a comment', `[LEAF1.example.net]:443 ${OURS} since March\r\n`, { verdict: 'known' }],
  [
    'two pins, as while a key is exchanged',
    `[leaf1.example.net]:443 ${OTHER}\n[leaf1.example.net]:443 ${OURS}`,
    { verdict: 'known' },
  ],
  ['another pin', `# ours\n\n[leaf1.example.net]:443 ${OTHER}`, { verdict: 'changed', line: 3 }],
  ['another port', `[leaf1.example.net]:8443 ${OURS}`, { verdict: 'unknown' }],
  ['another name', `[leaf2.example.net]:443 ${OURS}`, { verdict: 'unknown' }],
  ['a comment', `# [leaf1.example.net]:443 ${OURS}`, { verdict: 'unknown' }],
  ['half a line', '[leaf1.example.net]:443', { verdict: 'unknown' }],
  ['what is no pin', '[leaf1.example.net]:443 sha256/abc', { verdict: 'unknown' }],
])('a file of known pins with %s', (_, text, verdict) => {
  expect(judgePin(text, LEAF1, OURS)).toEqual(verdict)
})
