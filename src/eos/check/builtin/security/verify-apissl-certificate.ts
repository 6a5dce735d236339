import { z } from 'zod'
import { once } from '../../../../model/once.ts'
import { passUnless } from '../../../../model/verdict.ts'
import { byName } from '../../answer/by-name.ts'
import { needed } from '../../answer/told.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { mismatch } from '../../finding/mismatch.ts'
import { integer } from '../../input/numbers.ts'
import { word } from '../../input/words.ts'

const KEY_SIZES = { RSA: [2048, 3072, 4096], ECDSA: [256, 384, 512] } as const

const SECONDS_OF_A_DAY = 86_400

const expectedCertificate = once(() =>
  z
    .strictObject({
      certificate_name: word().describe('The certificate, for example `ARISTA_ROOT_CA.crt`.'),
      expiry_threshold: integer().describe('How many days it must still be valid.'),
      common_name: z.string().describe('The common name of its subject.'),
      encryption_algorithm: z.enum(['RSA', 'ECDSA']).describe('The algorithm of its key.'),
      key_size: integer().describe('The size of its key in bits: 2048, 3072 or 4096 of RSA; 256, 384 or 512 of ECDSA.'),
    })
    .refine(({ encryption_algorithm, key_size }) => KEY_SIZES[encryption_algorithm].some((size) => size === key_size), {
      error: 'the algorithm has no key of that size',
      path: ['key_size'],
    }),
)

const shownCertificate = once(() =>
  z.looseObject({
    subject: z.object({ commonName: z.string().optional() }).optional(),
    notAfter: z.number().optional(),
    publicKey: z.object({ encryptionAlgorithm: z.string().optional(), size: z.number().optional() }).optional(),
  }),
)

/** Certificates are not about to expire, and have the expected name, algorithm and key size. */
export const verifyApiSslCertificate = defineVerify({
  name: 'VerifyAPISSLCertificate',
  summary: 'Verifies the expiry, common name, algorithm and key size of SSL certificates.',
  docs: 'Passes when each certificate is there, is valid for as many days as the threshold, and has the expected common name, algorithm and key size.',
  example: {
    certificates: [
      {
        certificate_name: 'ARISTA_ROOT_CA.crt',
        expiry_threshold: 30,
        common_name: 'Arista Networks Internal IT Root Cert Authority',
        encryption_algorithm: 'RSA',
        key_size: 4096,
      },
    ],
  },
  input: () =>
    z.strictObject({ certificates: z.array(expectedCertificate()).min(1).describe('The certificates to verify.') }),
  commands: () => [
    { cmd: 'show management security ssl certificate', revision: 1 },
    { cmd: 'show clock', revision: 1 },
  ],
  answers: () => [z.object({ certificates: byName(shownCertificate()).optional() }), z.object({ utcTime: z.number() })],
  judge: ({ certificates }, [{ certificates: shown }, { utcTime }]) =>
    passUnless(
      certificates.flatMap((expected) => {
        const actual = shown?.get(expected.certificate_name)
        const faults =
          actual === undefined || Object.keys(actual).length === 0 ? ['Not found'] : faultsOf(expected, actual, utcTime)
        return faults.map((fault) => `Certificate: ${expected.certificate_name} - ${fault}`)
      }),
    ),
})

type Expected = z.output<ReturnType<typeof expectedCertificate>>
type Shown = z.output<ReturnType<typeof shownCertificate>>

function faultsOf(expected: Expected, shown: Shown, now: number): readonly string[] {
  const { subject, publicKey } = shown
  return [
    ...expiryFaults(expected.expiry_threshold, needed(shown, 'notAfter'), now),
    ...mismatch('incorrect common name', expected.common_name, subject?.commonName),
    ...mismatch('incorrect encryption algorithm', expected.encryption_algorithm, publicKey?.encryptionAlgorithm),
    ...mismatch('incorrect public key', expected.key_size, publicKey?.size),
  ]
}

/** Both times in seconds since 1970. A day that has begun to pass does not count. */
function expiryFaults(threshold: number, notAfter: number, now: number): readonly string[] {
  const days = Math.floor((notAfter - now) / SECONDS_OF_A_DAY)
  if (days < 0) return ['certificate expired']
  if (days >= threshold) return []
  return [`set to expire within the threshold - Threshold: ${threshold} days Actual: ${days} days`]
}
