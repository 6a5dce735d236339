import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const ssh = (status: string, fips: string) => `SSHD status for Default VRF: ${status}\nFIPS status: ${fips}\n`

const api = { enabled: true, httpServer: { configured: false, running: false, port: 80 } }

const profile = (name: string, state: string) => ({ ...api, sslProfile: { name, configured: true, state } })

/** What the checks of SSH, Telnet, eAPI and entropy must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifySSHStatus', { command: 'show management ssh' }, [
    passes('disabled', [ssh('disabled', 'disabled')]),
    passes('as eAPI gives text', [{ output: 'SSHD status for Default VRF is disabled\r\n' }]),
    fails('enabled', [ssh('enabled', 'disabled')], ['SSHD status for Default VRF: enabled']),
    passes('disabled in another VRF only', ['SSHD status for VRF MGMT: disabled\n']),
    fails('empty', [''], ['Could not find SSH status in returned output']),
  ]),
  ...rowsOf('VerifySSHFIPSRestrictions', { command: 'show management ssh' }, [
    passes('enabled', [ssh('enabled', 'enabled')]),
    fails(
      'disabled',
      [ssh('enabled', 'disabled')],
      ['FIPS restrictions not enabled in management SSH - FIPS status: disabled'],
    ),
    fails('empty', [''], ["FIPS status not found in 'show management ssh' output"]),
  ]),
  ...rowsOf('VerifyTelnetStatus', { command: 'show management telnet' }, [
    passes('disabled', [{ serverState: 'disabled' }]),
    fails('enabled', [{ serverState: 'enabled' }], ['Telnet status for Default VRF is enabled']),
    errs('empty', [{}], '`show management telnet` answered in an unknown shape at serverState'),
  ]),
  ...rowsOf('VerifyAPIHttpStatus', { command: 'show management api http-commands' }, [
    passes('HTTPS only', [api]),
    fails(
      'HTTP too',
      [{ enabled: true, httpServer: { configured: true, running: true, port: 80 } }],
      ['eAPI HTTP server is enabled globally'],
    ),
    errs('empty', [{}], '`show management api http-commands` does not tell enabled'),
  ]),
  ...rowsOf('VerifyAPIHttpsSSL', { command: 'show management api http-commands', inputs: { profile: 'API' } }, [
    passes('the profile, valid', [profile('API', 'valid')]),
    fails('no profile', [api], ['eAPI HTTPS server SSL profile API is not configured']),
    fails(
      'the profile, invalid',
      [profile('API', 'invalid')],
      ['eAPI HTTPS server SSL profile API is misconfigured or invalid'],
    ),
    fails(
      'another profile',
      [profile('OLD', 'valid')],
      ['eAPI HTTPS server SSL profile API is misconfigured or invalid'],
    ),
    fails('empty', [{}], ['eAPI HTTPS server SSL profile API is not configured']),
  ]),
  ...rowsOf('VerifyHardwareEntropy', { command: 'show management security' }, [
    passes('enabled', [{ hardwareEntropyEnabled: true }]),
    fails('disabled', [{ hardwareEntropyEnabled: false }], ['Hardware entropy generation is disabled']),
    fails('empty', [{}], ['Hardware entropy generation is disabled']),
  ]),
]
