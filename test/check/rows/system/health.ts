import type { Json } from '../../../../src/model/json.ts'
import type { Row } from '../row.ts'
import { errs, fails, passes, rowsOf } from '../rows-of.ts'

const rebooted = (description: string): Json => ({ resetCauses: [{ description }, { description: 'an older one' }] })
const top = (idle: number, ...loadAvg: readonly number[]): Json => ({
  cpuInfo: { '%Cpu(s)': { idle } },
  timeInfo: { loadAvg: [...loadAvg] },
})
const unit = (state: string, adminState: string, more: Record<string, boolean> = {}): Json => ({
  state,
  adminState,
  onBootMaintenance: false,
  intfsViolatingTrafficThreshold: false,
  ...more,
})
const period5 = { threshold: 50, period: 5 }
const notTold = '`show processes top once`, `bash timeout 10 nproc`: the CPU utilization was not told'

/** What the checks of the switch's health must say. */
export const rows: readonly Row[] = [
  ...rowsOf('VerifyUptime', { command: 'show uptime', inputs: { minimum: 3600 } }, [
    passes('long enough', [{ upTime: 3600.5 }]),
    fails('too short', [{ upTime: 59.25 }], ['Device uptime is incorrect - Expected: 3600s Actual: 59.25s']),
    errs('empty', [{}], '`show uptime` answered in an unknown shape at upTime'),
  ]),
  ...rowsOf('VerifyReloadCause', { command: 'show reload cause' }, [
    passes('a person', [rebooted('Reload requested by the user.')]),
    passes('an upgrade of the FPGA', [rebooted('Reload requested after FPGA upgrade')]),
    passes('no reload', [{ resetCauses: [] }]),
    passes('one that is allowed by its short name', [rebooted('Hitless reload requested by the user.')], {
      allowed_causes: ['USER_HITLESS'],
    }),
    fails(
      'a crash: only the last cause counts',
      [rebooted('Kernel panic')],
      [
        "Invalid reload cause -  Expected: 'Reload requested by the user.', 'Reload requested after FPGA upgrade' Actual: 'Kernel panic'",
      ],
    ),
    errs('empty', [{}], '`show reload cause` answered in an unknown shape at resetCauses'),
  ]),
  ...rowsOf('VerifyCoredump', { command: 'show system coredump' }, [
    passes('only small ones', [{ coreFiles: ['minidump'] }]),
    fails(
      'two',
      [{ coreFiles: ['core.1.Bgp.gz', 'minidump', 'core.2.Mlag.gz'] }],
      ['Core dump(s) have been found: core.1.Bgp.gz, core.2.Mlag.gz'],
    ),
    passes('none', [{ coreFiles: [] }]),
    errs('empty', [{}], '`show system coredump` answered in an unknown shape at coreFiles'),
  ]),
  ...rowsOf('VerifyAgentLogs', { command: 'show agent logs crash' }, [
    fails('an empty line', ['\n'], ['Device has reported agent crashes:\n * ']),
    fails(
      'two reports',
      [
        '===> /var/log/agents/Bgp-1 Fri Jul  7 15:07:00 2023 <===\nTraceback\n===> /var/log/agents/Acl-2 Fri Jul  7 15:08:00 2023 <===\n',
      ],
      [
        'Device has reported agent crashes:\n * /var/log/agents/Bgp-1 Fri Jul  7 15:07:00 2023\n * /var/log/agents/Acl-2 Fri Jul  7 15:08:00 2023',
      ],
    ),
    fails('something else', ['Traceback'], ['Device has reported agent crashes:\n * ']),
    { ...passes('empty', ['']), emptyIsGood: 'EOS prints nothing where no agent has crashed' },
  ]),
  ...rowsOf('VerifyCPUUtilization', { command: 'show processes top once' }, [
    passes('idle enough', [top(25.1, 9, 9, 9)]),
    passes('the average of 5 minutes on 8 cores', [top(0, 99, 3.9, 99), '8\n'], period5),
    fails(
      'not idle',
      [top(24.8, 0, 0, 0)],
      ['CPU utilization is above the threshold - Expected: < 75.0% Actual: 75.2%'],
    ),
    passes('just at the threshold', [top(25, 0, 0, 0)]),
    fails(
      'the average of 15 minutes on 3 cores',
      [top(100, 0, 0, 2.5), '3\n'],
      ['CPU load average (15 min) is above the threshold - Expected: < 75.0% Actual: 83.3%'],
      { period: 15 },
    ),
    errs('no cores', [top(100, 0, 0, 0), '0\n'], notTold, period5),
    errs('cores that are no number', [top(100, 0, 0, 0), 'bash: nproc: command not found\n'], notTold, period5),
    errs('cores that are absent', [top(100, 0, 0, 0)], '`bash timeout 10 nproc` was not answered', period5),
    errs(
      'no average',
      [{ cpuInfo: { '%Cpu(s)': { idle: 99 } } }, '4'],
      '`show processes top once` does not tell timeInfo',
      period5,
    ),
    errs('empty', [{}], '`show processes top once` does not tell cpuInfo'),
  ]),
  ...rowsOf('VerifyMemoryUtilization', { command: 'show version' }, [
    passes('enough', [{ memTotal: 1000, memFree: 251 }]),
    fails(
      'too little',
      [{ memTotal: 3000, memFree: 500 }],
      ['Device has reported a high memory usage - Expected: < 75% Actual: 83.33%'],
    ),
    errs('no memory at all', [{ memTotal: 0, memFree: 0 }], '`show version` answered in an unknown shape at memTotal'),
    errs('empty', [{}], '`show version` answered in an unknown shape at memTotal'),
  ]),
  ...rowsOf('VerifyMaintenance', { command: 'show maintenance' }, [
    fails(
      'not in maintenance, though one unit boots into it',
      [{ units: { System: unit('active', 'active', { onBootMaintenance: true }) } }],
      ["Possible causes: 'On-boot maintenance is configured'"],
    ),
    fails(
      'under maintenance and entering it, for every cause',
      [
        {
          units: {
            mlag: unit('underMaintenance', 'underMaintenance', { onBootMaintenance: true }),
            System: unit('maintenanceModeEnter', 'active', { intfsViolatingTrafficThreshold: true }),
            linecard3: unit('underMaintenance', 'underMaintenance'),
            linecard4: unit('active', 'active'),
          },
        },
      ],
      [
        "Units under maintenance: 'mlag, linecard3'",
        "Units entering maintenance: 'System'",
        "Possible causes: 'Interface traffic threshold violation, On-boot maintenance is configured, Quiesce is configured'",
      ],
    ),
    fails(
      'for no cause that is known',
      [{ units: { System: unit('maintenanceModeEnter', 'active') } }],
      ["Units entering maintenance: 'System'"],
    ),
    passes('no units', [{ units: {}, warnings: ['Maintenance Mode is disabled.'] }]),
    errs('empty', [{}], '`show maintenance` answered in an unknown shape at units'),
  ]),
]
