import type { Row } from './row.ts'

const extension = 'Telemetry-1.0.1-1.swix'

/** What the checks of `software` must say. */
export const rows: readonly Row[] = [
  {
    check: 'VerifyEOSVersion',
    name: 'one of two',
    inputs: { versions: ['4.32.2F', '4.33.1F'] },
    outputs: [{ version: '4.33.1F' }],
    result: 'success',
  },
  {
    check: 'VerifyEOSVersion',
    name: 'another version, and no part of one counts',
    inputs: { versions: ['4.32.2F', '4.33.1F'] },
    outputs: [{ version: '4.33.1' }],
    result: 'failure',
    messages: ['EOS version mismatch - Actual: 4.33.1 not in Expected: 4.32.2F, 4.33.1F'],
  },
  {
    check: 'VerifyEOSVersion',
    name: 'empty',
    inputs: { versions: ['4.33.1F'] },
    outputs: [{}],
    result: 'error',
    messages: ['`show version` answered in an unknown shape at version'],
  },
  {
    check: 'VerifyEOSVersion',
    name: 'absent',
    inputs: { versions: ['4.33.1F'] },
    outputs: [],
    result: 'error',
    messages: ['`show version` was not answered'],
  },
  {
    check: 'VerifyTerminAttrVersion',
    name: 'one of two',
    inputs: { versions: ['v1.35.0', 'v1.36.1'] },
    outputs: [{ details: { packages: { 'TerminAttr-core': { release: '1', version: 'v1.35.0' } } } }],
    result: 'success',
  },
  {
    check: 'VerifyTerminAttrVersion',
    name: 'another version',
    inputs: { versions: ['v1.35.0'] },
    outputs: [{ details: { packages: { 'TerminAttr-core': { release: '1', version: 'v1.30.2' } } } }],
    result: 'failure',
    messages: ['TerminAttr version mismatch - Actual: v1.30.2 not in Expected: v1.35.0'],
  },
  {
    check: 'VerifyTerminAttrVersion',
    name: 'not installed',
    inputs: { versions: ['v1.35.0'] },
    outputs: [{ details: { packages: {} } }],
    result: 'error',
    messages: ['`show version detail` does not tell details.packages.TerminAttr-core'],
  },
  {
    check: 'VerifyTerminAttrVersion',
    name: 'empty',
    inputs: { versions: ['v1.35.0'] },
    outputs: [{}],
    result: 'error',
    messages: ['`show version detail` does not tell details'],
  },
  {
    check: 'VerifyTerminAttrVersion',
    name: 'absent',
    inputs: { versions: ['v1.35.0'] },
    outputs: [],
    result: 'error',
    messages: ['`show version detail` was not answered'],
  },
  {
    check: 'VerifyEOSExtensions',
    name: 'what is installed boots, and what is only there does not matter',
    outputs: [
      { extensions: { [extension]: { status: 'installed' }, 'Old-1.swix': { status: 'notInstalled' } } },
      { extensions: [`${extension}\n`] },
    ],
    result: 'success',
  },
  {
    check: 'VerifyEOSExtensions',
    name: 'none at all',
    outputs: [{ extensions: {} }, { extensions: [''] }],
    result: 'success',
  },
  {
    check: 'VerifyEOSExtensions',
    name: 'two are installed and one boots',
    outputs: [
      { extensions: { 'Zebra-2.swix': { status: 'installed' }, [extension]: { status: 'installed' } } },
      { extensions: [extension] },
    ],
    result: 'failure',
    messages: [
      'EOS extensions mismatch - Installed: Telemetry-1.0.1-1.swix, Zebra-2.swix Configured: Telemetry-1.0.1-1.swix',
    ],
  },
  {
    check: 'VerifyEOSExtensions',
    name: 'one boots that is not installed',
    outputs: [{ extensions: {} }, { extensions: [extension] }],
    result: 'failure',
    messages: ['EOS extensions mismatch - Installed: Not found Configured: Telemetry-1.0.1-1.swix'],
  },
  {
    check: 'VerifyEOSExtensions',
    name: 'empty',
    outputs: [{}, {}],
    result: 'error',
    messages: ['`show extensions` answered in an unknown shape at extensions'],
  },
  {
    check: 'VerifyEOSExtensions',
    name: 'absent',
    outputs: [{ extensions: {} }],
    result: 'error',
    messages: ['`show boot-extensions` was not answered'],
  },
]
