import type { Json } from '../../../src/model/json.ts'
import type { Row } from './row.ts'
import { errs, fails, passes, rowsOf } from './rows-of.ts'

const COMMAND = 'show version detail'

const withAboot = (version: string, modelName = 'DCS-7280SR-48C6'): Json => ({
  modelName,
  details: { components: [{ name: 'Aboot', version: `Aboot-norcal6-${version}-1234567` }] },
})

const withRegulator = (modelName: string, serialNumber: string, version: string): Json => ({
  modelName,
  serialNumber,
  details: { components: [{ name: 'FixedSystemvrm1', version }] },
})

const notExposed = { result: 'skipped', messages: ['Device not exposed'] } as const
const mitigated = { result: 'success', messages: ['FN72 is mitigated'] } as const

/** What the checks of `field_notices` must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyFieldNotice44Resolution', { command: COMMAND }, [
    passes('the first fixed 4.0', [withAboot('4.0.7')]),
    passes('the first fixed 4.1', [withAboot('4.1.1')]),
    passes('the first fixed 6.0', [withAboot('6.0.9')]),
    passes('the first fixed 6.1', [withAboot('6.1.7')]),
    passes('a later train', [withAboot('7.0.1')]),
    fails('the last faulty 4.0', [withAboot('4.0.6')], ['Device is running incorrect version of aboot 4.0.6']),
    fails('the last faulty 6.0', [withAboot('6.0.8')], ['Device is running incorrect version of aboot 6.0.8']),
    fails('the last faulty 6.1', [withAboot('6.1.6')], ['Device is running incorrect version of aboot 6.1.6']),
    fails(
      'a model with the direction of its airflow',
      [withAboot('4.1.0', 'DCS-7280SR-48C6-F')],
      ['Device is running incorrect version of aboot 4.1.0'],
    ),
    fails('no Aboot', [{ modelName: 'DCS-7280SR-48C6', details: { components: [] } }], ['Aboot component not found']),
    errs(
      'a version of another form',
      [{ modelName: 'DCS-7280SR-48C6', details: { components: [{ name: 'Aboot', version: 'Aboot-special' }] } }],
      '`show version detail`: Aboot version is not known: Aboot-special',
    ),
    {
      name: 'another model',
      outputs: [withAboot('4.0.1', 'vEOS-lab')],
      result: 'skipped',
      messages: ['Device is not impacted by FN044'],
    },
    errs('empty', [{}], '`show version detail` does not tell modelName'),
  ]),
  ...rowsOf('VerifyFieldNotice72Resolution', { command: COMMAND }, [
    {
      name: 'the last exposed week of JPE',
      outputs: [withRegulator('DCS-7280SR3-48YC8', 'JPE2130999', '7')],
      ...mitigated,
    },
    { name: 'a later firmware', outputs: [withRegulator('DCS-7280SR3K-48YC8', 'JAS2040999', '10')], ...mitigated },
    fails(
      'an earlier firmware',
      [withRegulator('DCS-7280SR3-48YC8-F', 'JPE2130999', '6')],
      ['Device is exposed to FN72'],
    ),
    errs(
      'no version',
      [withRegulator('DCS-7280SR3-48YC8', 'JAS2001000', '')],
      '`show version detail`: Version of FixedSystemvrm1 is no number: ',
    ),
    { name: 'a week later', outputs: [withRegulator('DCS-7280SR3-48YC8', 'JPE2131000', '5')], ...notExposed },
    { name: 'another plant', outputs: [withRegulator('DCS-7280SR3-48YC8', 'SSJ2001000', '5')], ...notExposed },
    {
      name: 'another model',
      outputs: [withRegulator('DCS-7280SR-48C6', 'JPE2001000', '5')],
      result: 'skipped',
      messages: ['Platform is not impacted by FN072'],
    },
    fails(
      'no voltage regulator',
      [{ modelName: 'DCS-7280SR3-48YC8', serialNumber: 'JPE2001000', details: { components: [] } }],
      ["Error in running test - Component FixedSystemvrm1 not found in 'show version'"],
    ),
    errs('no serial number', [{ modelName: 'DCS-7280SR3-48YC8' }], '`show version detail` does not tell serialNumber'),
    errs('empty', [{}], '`show version detail` does not tell modelName'),
  ]),
]
