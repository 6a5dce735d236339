import { expect, test } from 'vitest'
import { deliveriesText } from '../../../src/change/record/postgres/deliveries.ts'
import { sealCode } from '../../../src/change/record/seal/store-keys.ts'

// RFC 4231, test cases 1 and 2; the others by `openssl dgst -sha256 -hmac`.
test.each([
  ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  ['4a656665', '', '923598ca6d64af2a5dba79dcd021a8a0fe5c5f557519adaaf0ad532d4506dd30'],
  ['4a656665', 'ä€😀', '1fae059b8a8ef913b55d9b971b1a661ac465953b6fd5428b5d587b60f5ce511f'],
  ['4a656665', 'x'.repeat(5_000), 'e6486c10c1e44aa7cafa88bb3e337b32c3306db30c876442193abdb704ec8c3f'],
])('HMAC-SHA256 under %s', (key, text, code) => {
  const seal = sealCode(Buffer.from(key, 'hex'))
  expect([seal(text), seal('another'), seal(text)]).toEqual([code, expect.any(String), code])
})

test('how far receivers are is sealed in the order of their names, as earlier versions sealed it', () => {
  const rows = ['b', 'a'].map((receiver) => ({ receiver, position: 7, at: 'now', fault: undefined }))
  expect(deliveriesText('o', rows)).toBe('{"deliveries":[["a",7,"now",null],["b",7,"now",null]],"origin":"o"}')
})
