import type { JsonObject } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const light = (channels: JsonObject, lowAlarm = -10) => ({
  mediaType: '100GBASE-LR4',
  parameters: { rxPower: { channels, threshold: { lowAlarm } } },
})
const heat = (celsius: number) => ({ parameters: { temperature: { channels: { '-': celsius } } } })
const described = (status: string, description = '') => ({ interfaceStatus: status, description })
const phy = (ber: number, uncorrected = 0) => ({
  preFecBer: { value: ber },
  fec: { correctedCodewords: { value: 12 }, uncorrectedCodewords: { value: uncorrected } },
})
const up = { interfaceDescriptions: { Ethernet1: described('up', 'to spine1'), Ethernet2: described('up') } }

/** What the checks of optics and their PHYs must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyInterfacesBER', { command: 'show interfaces phy detail' }, [
    passes('few errors, all corrected; one PHY does not measure', [
      { interfacePhyStatuses: { Ethernet1: { phyStatuses: [phy(1e-7), {}] }, Ethernet2: { phyStatuses: [{}] } } },
      up,
    ]),
    passes(
      'uncorrected ones are let pass',
      [{ interfacePhyStatuses: { Ethernet1: { phyStatuses: [phy(0.000_01, 4)] } } }, up],
      { max_ber_threshold: '1e-5', fail_on_uncorrected_codewords: false },
    ),
    fails(
      'many errors, and some uncorrected',
      [
        {
          interfacePhyStatuses: {
            Ethernet1: { phyStatuses: [phy(0.000_25, 3)] },
            Ethernet2: { phyStatuses: [phy(1e-8), { preFecBer: { value: 0 } }] },
          },
        },
        up,
      ],
      [
        'Interface: Ethernet1 Description: to spine1 - Uncorrected FEC codewords detected - Expected: 0 Actual: 3',
        'Interface: Ethernet1 Description: to spine1 FEC Corrected: 12 FEC Uncorrected: 3 - BER above threshold - Expected: <= 1.00e-07 Actual: 2.50e-04',
      ],
    ),
    fails(
      'interfaces that were named',
      [{ interfacePhyStatuses: { Ethernet1: { phyStatuses: [{}] } } }, up],
      ['Interface: Ethernet3 - Not found'],
      { interfaces: ['et1', 'et3'] },
    ),
    errs('empty', [{}, {}], '`show interfaces phy detail` answered in an unknown shape at interfacePhyStatuses'),
  ]),
  ...rowsOf('VerifyInterfacesOpticsReceivePower', { command: 'show interfaces transceiver dom thresholds' }, [
    passes('just enough; no light measured; no monitoring', [
      { interfaces: { Ethernet1: light({ '1': -8, '2': -30 }), Ethernet2: {} } },
      up,
    ]),
    passes(
      'shut, and left out although it was named',
      [
        { interfaces: { Ethernet1: light({ '1': -29.5 }) } },
        { interfaceDescriptions: { Ethernet1: described('adminDown') } },
      ],
      { interfaces: ['Ethernet1'], ignore_shutdown_interfaces: true },
    ),
    fails(
      'weak light',
      [{ interfaces: { Ethernet1: light({ '1': -8.01, '2': -2 }), Ethernet2: light({ '1': -40.126 }, -12.3456) } }, up],
      [
        'Interface: Ethernet1 Status: up Channel: 1 Optic: 100GBASE-LR4 - Low receive power detected - Expected: >= -8.00dBm (Alarm: -10.00dBm + Margin: 2dBm) Actual: -8.01dBm',
        'Interface: Ethernet2 Status: up Channel: 1 Optic: 100GBASE-LR4 - Low receive power detected - Expected: >= -10.35dBm (Alarm: -12.35dBm + Margin: 2dBm) Actual: -40.13dBm',
      ],
    ),
    fails(
      'interfaces that were named',
      [{ interfaces: { Ethernet1: {}, Ethernet2: { parameters: { rxPower: { channels: { '1': -3 } } } } } }, up],
      [
        'Interface: Ethernet3 - Optic not found',
        'Interface: Ethernet1 - Receive power details are not found (DOM not supported)',
        'Interface: Ethernet2 - Threshold data is not available',
      ],
      { interfaces: ['et1', 'et2', 'et3'] },
    ),
    errs('empty', [{}, {}], '`show interfaces transceiver dom thresholds` answered in an unknown shape at interfaces'),
    errs(
      'no descriptions',
      [{ interfaces: { Ethernet1: light({ '1': -8 }) } }],
      '`show interfaces description` was not answered',
    ),
  ]),
  ...rowsOf('VerifyInterfacesOpticsTemperature', { command: 'show interfaces transceiver dom thresholds' }, [
    passes('warm; one without monitoring', [{ interfaces: { Ethernet1: heat(68), Ethernet2: { parameters: {} } } }]),
    fails(
      'hot',
      [{ interfaces: { Ethernet1: heat(80.855), Ethernet2: heat(69) } }],
      [
        'Interface: Ethernet1 - High transceiver temperature detected - Expected: <= 68.0°C Actual: 80.86°C',
        'Interface: Ethernet2 - High transceiver temperature detected - Expected: <= 68.0°C Actual: 69.00°C',
      ],
    ),
    fails(
      'interfaces that were named',
      [{ interfaces: { Ethernet1: {} } }],
      ['Interface: Ethernet1 - Optic not found', 'Interface: Ethernet3 - Optic not found'],
      { interfaces: ['et1', 'et3'] },
    ),
    errs('empty', [{}], '`show interfaces transceiver dom thresholds` answered in an unknown shape at interfaces'),
  ]),
]
