import type { Json } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf, skips } from '../rows-of.ts'
import { core, noIsis } from './core.ts'

const adjacency = (interfaceName: string, state: string) => ({
  [interfaceName]: { adjacencies: [{ interfaceName, state }] },
})

const level2 = (interfaceType: string, told: Json) => ({ interfaceType, intfLevels: { '2': told } })

/** What the checks of instances, interfaces and neighbors must say. */
export const rows: readonly Row[] = [
  ...rowsOf(
    'VerifyISISGracefulRestart',
    {
      command: 'show isis graceful-restart vrf all',
      inputs: { instances: [{ name: 'CORE', graceful_restart: true, graceful_restart_helper: false }] },
    },
    [
      passes('restarts, and helps nobody', [core({ gracefulRestart: 'enabled', gracefulRestartHelper: 'disabled' })]),
      passes('as it is by default', [core({ gracefulRestart: 'disabled', gracefulRestartHelper: 'enabled' })], {
        instances: [{ name: 'CORE' }],
      }),
      fails(
        'both the other way round',
        [core({ gracefulRestart: 'disabled', gracefulRestartHelper: 'enabled' })],
        [
          'Instance: CORE VRF: default - Incorrect graceful restart state - Expected: enabled Actual: disabled',
          'Instance: CORE VRF: default - Incorrect graceful restart helper state - Expected: disabled Actual: enabled',
        ],
      ),
      fails(
        'not told, and not there',
        [core({})],
        [
          'Instance: CORE VRF: default - Incorrect graceful restart state - Expected: disabled Actual: None',
          'Instance: CORE VRF: default - Incorrect graceful restart helper state - Expected: enabled Actual: None',
          'Instance: CORE VRF: PROD - Not configured',
        ],
        { instances: [{ name: 'CORE' }, { name: 'CORE', vrf: 'PROD' }] },
      ),
      skips('no IS-IS', [{ vrfs: {} }], noIsis),
      errs('empty', [{}], '`show isis graceful-restart vrf all` answered in an unknown shape at vrfs'),
    ],
  ),
  ...rowsOf(
    'VerifyISISInterfaceMode',
    {
      command: 'show isis interface brief vrf all',
      inputs: {
        interfaces: [
          { name: 'Loopback0', mode: 'passive' },
          { name: 'Ethernet1', mode: 'point-to-point' },
          { name: 'Ethernet2', mode: 'broadcast' },
        ],
      },
    },
    [
      passes('each mode', [
        core({
          interfaces: {
            Loopback0: level2('loopback', { passive: true }),
            Ethernet1: level2('point-to-point', { passive: false }),
            Ethernet2: level2('broadcast', {}),
          },
        }),
      ]),
      fails(
        'none of them',
        [
          core({
            interfaces: {
              Loopback0: level2('loopback', {}),
              Ethernet1: { intfLevels: { '2': {} } },
            },
          }),
        ],
        [
          'Interface: Loopback0 VRF: default Level: 2 - Not running in passive mode',
          'Interface: Ethernet1 VRF: default Level: 2 - Incorrect interface mode - Expected: point-to-point Actual: unset',
          'Interface: Ethernet2 VRF: default Level: 2 - Not configured',
        ],
      ),
      skips('no IS-IS', [{ vrfs: {} }], noIsis),
      errs('empty', [{}], '`show isis interface brief vrf all` answered in an unknown shape at vrfs'),
    ],
  ),
  ...rowsOf(
    'VerifyISISNeighborCount',
    { command: 'show isis interface brief vrf all', inputs: { interfaces: [{ name: 'et1', count: 1 }] } },
    [
      passes('one, in the second instance', [
        {
          vrfs: {
            default: {
              isisInstances: {
                EDGE: {},
                CORE: {
                  interfaces: {
                    Ethernet1: {
                      interfaceType: 'broadcast',
                      intfLevels: { '2': { numAdjacencies: 1, passive: false } },
                    },
                  },
                },
              },
            },
          },
        },
      ]),
      fails(
        'too many, untold, of another level, in no VRF',
        [
          {
            vrfs: {
              default: {
                isisInstances: {
                  CORE: {
                    interfaces: {
                      Ethernet1: {
                        interfaceType: 'broadcast',
                        intfLevels: { '2': { numAdjacencies: 3, passive: false } },
                      },
                      Loopback0: { interfaceType: 'loopback', intfLevels: { '2': { passive: true } } },
                    },
                  },
                },
              },
            },
          },
        ],
        [
          'Interface: Ethernet1 VRF: default Level: 2 - Neighbor count mismatch - Expected: 1 Actual: 3',
          'Interface: Ethernet1 VRF: default Level: 1 - Not configured',
          'Interface: Ethernet1 VRF: PROD Level: 2 - Not configured',
        ],
        {
          interfaces: [
            { name: 'Ethernet1', count: 1 },
            { name: 'Loopback0', count: 0 },
            { name: 'Ethernet1', level: 1, count: 3 },
            { name: 'Ethernet1', vrf: 'PROD', count: 3 },
          ],
        },
      ),
      skips('no IS-IS', [{ vrfs: {} }], noIsis),
      errs('empty', [{}], '`show isis interface brief vrf all` answered in an unknown shape at vrfs'),
    ],
  ),
  ...rowsOf('VerifyISISNeighborState', { command: 'show isis neighbors vrf all' }, [
    passes('up in the default VRF', [
      {
        vrfs: {
          default: { isisInstances: { CORE: { neighbors: adjacency('Ethernet1', 'up') } } },
          PROD: { isisInstances: { EDGE: { neighbors: adjacency('Ethernet2', 'down') } } },
        },
      },
    ]),
    fails(
      'down in all VRFs',
      [
        {
          vrfs: {
            default: { isisInstances: { CORE: { neighbors: adjacency('Ethernet1', 'init') } } },
            PROD: { isisInstances: { EDGE: { neighbors: adjacency('Ethernet2', 'down') } } },
          },
        },
      ],
      [
        'Instance: CORE VRF: default Interface: Ethernet1 - Incorrect adjacency state - Expected: up Actual: init',
        'Instance: EDGE VRF: PROD Interface: Ethernet2 - Incorrect adjacency state - Expected: up Actual: down',
      ],
      { check_all_vrfs: true },
    ),
    errs(
      'no state is told',
      [core({ neighbors: { '0000.0000.0001': { adjacencies: [{}] } } })],
      '`show isis neighbors vrf all` does not tell vrfs.default.isisInstances.CORE.neighbors.0000.0000.0001.adjacencies.0.state',
    ),
    errs(
      'neighbors in another VRF only',
      [{ vrfs: { PROD: { isisInstances: { EDGE: { neighbors: adjacency('Ethernet2', 'down') } } } } }],
      '`show isis neighbors vrf all` does not tell vrfs.default',
    ),
    skips('no neighbor', [core({ neighbors: {} })], 'No IS-IS neighbor detected'),
    skips('no IS-IS', [{ vrfs: {} }], noIsis),
    errs('empty', [{}], '`show isis neighbors vrf all` answered in an unknown shape at vrfs'),
  ]),
]
