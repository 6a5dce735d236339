import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const NOW = 1_700_000_000
const DAY = 86_400

const clock = { utcTime: NOW + 0.25 }

const certificate = (
  notAfter: number,
  commonName = 'leaf1.example.com',
  encryptionAlgorithm = 'ECDSA',
  size = 384,
) => ({
  certificates: { 'leaf1.crt': { subject: { commonName }, notAfter, publicKey: { encryptionAlgorithm, size } } },
})

const asked = {
  certificate_name: 'leaf1.crt',
  expiry_threshold: 30,
  common_name: 'leaf1.example.com',
  encryption_algorithm: 'ECDSA',
  key_size: 384,
}

const banner = 'Example Networks\n  authorized access only\n'

/** What the checks of certificates and banners must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyAPISSLCertificate',
    { command: 'show management security ssl certificate', inputs: { certificates: [asked] } },
    [
      passes('as long as the threshold', [certificate(NOW + 30 * DAY + 1), clock]),
      fails(
        'a second too short',
        [certificate(NOW + 30 * DAY), clock],
        ['Certificate: leaf1.crt - set to expire within the threshold - Threshold: 30 days Actual: 29 days'],
      ),
      fails(
        'its last day',
        [certificate(NOW + 600), clock],
        ['Certificate: leaf1.crt - set to expire within the threshold - Threshold: 30 days Actual: 0 days'],
      ),
      fails(
        'expired, and all else is wrong',
        [certificate(NOW - 1, 'leaf2.example.com', 'RSA', 2048), clock],
        [
          'Certificate: leaf1.crt - certificate expired',
          'Certificate: leaf1.crt - incorrect common name - Expected: leaf1.example.com Actual: leaf2.example.com',
          'Certificate: leaf1.crt - incorrect encryption algorithm - Expected: ECDSA Actual: RSA',
          'Certificate: leaf1.crt - incorrect public key - Expected: 384 Actual: 2048',
        ],
      ),
      fails(
        'nothing is told of it',
        [{ certificates: { 'leaf1.crt': {} } }, clock],
        ['Certificate: leaf1.crt - Not found'],
      ),
      fails('it is not there', [{ certificates: {} }, clock], ['Certificate: leaf1.crt - Not found']),
      errs(
        'a size that its algorithm does not have',
        [],
        'the check `VerifyAPISSLCertificate` does not accept its inputs at certificates.0.key_size: the algorithm has no key of that size',
        { certificates: [{ ...asked, key_size: 2048 }] },
      ),
      errs('no clock', [certificate(NOW + 60 * DAY), {}], '`show clock` answered in an unknown shape at utcTime'),
      errs('empty', [{}, {}], '`show clock` answered in an unknown shape at utcTime'),
    ],
  ),
  ...rowsOf('VerifyBannerLogin', { command: 'show banner login', inputs: { login_banner: banner } }, [
    passes('the banner', [{ loginBanner: banner }]),
    fails(
      'spaces are missing',
      [{ loginBanner: 'Example Networks\nauthorized access only\n' }],
      [
        "Incorrect login banner configured - Expected: 'Example Networks\n  authorized access only\n' Actual: 'Example Networks\nauthorized access only\n'",
      ],
    ),
    fails('no banner', [{ loginBanner: '' }], ['Login banner is not configured']),
    errs('empty', [{}], '`show banner login` answered in an unknown shape at loginBanner'),
  ]),
  ...rowsOf('VerifyBannerMotd', { command: 'show banner motd', inputs: { motd_banner: 'Maintenance on Sunday\n' } }, [
    passes('the banner', [{ motd: 'Maintenance on Sunday\n' }]),
    fails(
      'its last line does not end',
      [{ motd: 'Maintenance on Sunday' }],
      ["Incorrect MOTD banner configured - Expected: 'Maintenance on Sunday\n' Actual: 'Maintenance on Sunday'"],
    ),
    fails('no banner', [{ motd: '' }], ['MOTD banner is not configured']),
    errs('empty', [{}], '`show banner motd` answered in an unknown shape at motd'),
  ]),
]
