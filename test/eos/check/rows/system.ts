import type { Json } from '../../../../src/model/json.ts'
import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const peer = (peerIpAddr: string, condition: string, stratumLevel: number) => ({
  peerIpAddr,
  condition,
  stratumLevel,
})

const servers = {
  ntp_servers: [
    { server_address: '192.0.2.1', preferred: true, stratum: 1 },
    { server_address: 'ntp2.example.com', stratum: 2 },
  ],
}
const pool = {
  ntp_pool: { server_addresses: ['192.0.2.1', 'ntp2.example.com'], preferred_stratum_range: [1, 2] },
}

const followed: Json = {
  peers: {
    '192.0.2.1 (ntp1.example.com)': peer('192.0.2.1', 'sys.peer', 1),
    'ntp2.example.com': peer('192.0.2.2', 'candidate', 2),
  },
}

const noServers = 'the check `VerifyNTPAssociations` does not accept its inputs: expected `ntp_servers` or `ntp_pool`'

/** What the checks of the clock must say. */
export const clockSystem: readonly Row[] = [
  ...rowsOf('VerifyNTP', { command: 'show ntp status' }, [
    passes('synchronised', 'synchronised to NTP server (192.0.2.1) at stratum 2\n   time correct to within 9 ms\n'),
    fails(
      'not synchronised',
      'unsynchronised\npoll interval unknown\n',
      'NTP status mismatch - Expected: synchronised Actual: unsynchronised',
    ),
    fails('disabled', 'NTP is disabled.\n', 'NTP status mismatch - Expected: synchronised Actual: NTP is disabled.'),
    fails('empty', '', ['NTP status mismatch - Expected: synchronised Actual: ']),
  ]),
  ...rowsOf('VerifyNTPAssociations', { command: 'show ntp associations', inputs: servers }, [
    passes('a pool', followed, pool),
    fails(
      'servers: another condition and stratum, one that tells nothing, one that is not there',
      {
        peers: {
          '192.0.2.1': { peerIpAddr: '192.0.2.1', condition: 'candidate', stratumLevel: 3 },
          'ntp2.example.com': { peerIpAddr: '192.0.2.98' },
        },
      },
      `
        NTP Server: 192.0.2.1 Preferred: True Stratum: 1 - Incorrect condition - Expected: sys.peer Actual: candidate
        NTP Server: 192.0.2.1 Preferred: True Stratum: 1 - Incorrect stratum level - Expected: 1 Actual: 3
        NTP Server: ntp2.example.com Preferred: False Stratum: 2 - Incorrect condition - Expected: candidate Actual: None
        NTP Server: ntp2.example.com Preferred: False Stratum: 2 - Incorrect stratum level - Expected: 2 Actual: None
        NTP Server: 192.0.2.3 Preferred: False Stratum: 2 - Not configured
      `,
      { ntp_servers: [...servers.ntp_servers, { server_address: '192.0.2.3', stratum: 2 }] },
    ),
    fails(
      'a pool: a server of another, a condition, a stratum that is too high, one that is not told',
      {
        peers: {
          'ntp9.example.com': { peerIpAddr: '192.0.2.9', condition: 'sys.peer', stratumLevel: 1 },
          'ntp1.example.com': { peerIpAddr: '192.0.2.1', condition: 'reject', stratumLevel: 3 },
          'ntp2.example.com': { condition: 'candidate', peerIpAddr: '192.0.2.98', stratumLevel: 1 },
        },
      },
      `
        NTP Server: 192.0.2.9 Hostname: ntp9.example.com - Associated but not part of the provided NTP pool
        NTP Server: 192.0.2.1 Hostname: ntp1.example.com - Incorrect condition  - Expected: sys.peer, candidate Actual: reject
        NTP Server: 192.0.2.1 Hostname: ntp1.example.com - Incorrect stratum level - Expected Stratum Range: 1 to 2 Actual: 3
      `,
      pool,
    ),
    errs('neither servers nor a pool', [], noServers, {}),
    errs('both', [], `${noServers}, not both`, { ...servers, ...pool }),
    fails('empty', { peers: {} }, 'No NTP peers configured'),
  ]),
]

const rebooted = (description: string) => ({ resetCauses: [{ description }, { description: 'an older one' }] })
const top = (idle: number, ...loadAvg: readonly number[]) => ({
  cpuInfo: { '%Cpu(s)': { idle } },
  timeInfo: { loadAvg: [...loadAvg] },
})
const unit = (state: string, adminState: string, more: Record<string, boolean> = {}) => ({
  state,
  adminState,
  onBootMaintenance: false,
  intfsViolatingTrafficThreshold: false,
  ...more,
})
const period5 = { threshold: 50, period: 5 }
const notTold = '`show processes top once`, `bash timeout 10 nproc`: the CPU utilization was not told'

/** What the checks of the switch's health must say. */
export const healthSystem: readonly Row[] = [
  ...rowsOf(
    'VerifyUptime',
    { command: 'show uptime', empty: 'answered in an unknown shape at upTime', inputs: { minimum: 3600 } },
    [
      passes('long enough', { upTime: 3600.5 }),
      fails('too short', { upTime: 59.25 }, 'Device uptime is incorrect - Expected: 3600s Actual: 59.25s'),
    ],
  ),
  ...rowsOf(
    'VerifyReloadCause',
    { command: 'show reload cause', empty: 'answered in an unknown shape at resetCauses' },
    [
      passes('a person', rebooted('Reload requested by the user.')),
      passes('an upgrade of the FPGA', rebooted('Reload requested after FPGA upgrade')),
      passes('no reload', { resetCauses: [] }),
      passes('one that is allowed by its short name', rebooted('Hitless reload requested by the user.'), {
        allowed_causes: ['USER_HITLESS'],
      }),
      fails(
        'a crash: only the last cause counts',
        rebooted('Kernel panic'),
        "Invalid reload cause -  Expected: 'Reload requested by the user.', 'Reload requested after FPGA upgrade' Actual: 'Kernel panic'",
      ),
    ],
  ),
  ...rowsOf('VerifyCoredump', { command: 'show system coredump', empty: 'answered in an unknown shape at coreFiles' }, [
    fails(
      'two',
      { coreFiles: ['core.1.Bgp.gz', 'minidump', 'core.2.Mlag.gz'] },
      'Core dump(s) have been found: core.1.Bgp.gz, core.2.Mlag.gz',
    ),
    passes('none', { coreFiles: [] }),
  ]),
  ...rowsOf('VerifyAgentLogs', { command: 'show agent logs crash' }, [
    fails('an empty line', '\n', ['Device has reported agent crashes:\n * ']),
    fails(
      'two reports',
      '===> /var/log/agents/Bgp-1 Fri Jul  7 15:07:00 2023 <===\nTraceback\n===> /var/log/agents/Acl-2 Fri Jul  7 15:08:00 2023 <===\n',
      [
        'Device has reported agent crashes:\n * /var/log/agents/Bgp-1 Fri Jul  7 15:07:00 2023\n * /var/log/agents/Acl-2 Fri Jul  7 15:08:00 2023',
      ],
    ),
    fails('something else', 'Traceback', ['Device has reported agent crashes:\n * ']),
    { ...passes('empty', ''), emptyIsGood: 'EOS prints nothing where no agent has crashed' },
  ]),
  ...rowsOf('VerifyCPUUtilization', { command: 'show processes top once', empty: 'does not tell cpuInfo' }, [
    passes('the average of 5 minutes on 8 cores', [top(0, 99, 3.9, 99), '8\n'], period5),
    fails('not idle', top(24.8, 0, 0, 0), 'CPU utilization is above the threshold - Expected: < 75.0% Actual: 75.2%'),
    passes('just at the threshold', top(25, 0, 0, 0)),
    fails(
      'the average of 15 minutes on 3 cores',
      [top(100, 0, 0, 2.5), '3\n'],
      'CPU load average (15 min) is above the threshold - Expected: < 75.0% Actual: 83.3%',
      { period: 15 },
    ),
    errs('no cores', [top(100, 0, 0, 0), '0\n'], notTold, period5),
    errs('cores that are no number', [top(100, 0, 0, 0), 'bash: nproc: command not found\n'], notTold, period5),
    errs(
      'no average',
      [{ cpuInfo: { '%Cpu(s)': { idle: 99 } } }, '4'],
      '`show processes top once` does not tell timeInfo',
      period5,
    ),
  ]),
  ...rowsOf('VerifyMemoryUtilization', { command: 'show version', empty: 'answered in an unknown shape at memTotal' }, [
    passes('enough', { memTotal: 1000, memFree: 251 }),
    fails(
      'too little',
      { memTotal: 3000, memFree: 500 },
      'Device has reported a high memory usage - Expected: < 75% Actual: 83.33%',
    ),
    errs('no memory at all', { memTotal: 0, memFree: 0 }, '`show version` answered in an unknown shape at memTotal'),
  ]),
  ...rowsOf('VerifyMaintenance', { command: 'show maintenance', empty: 'answered in an unknown shape at units' }, [
    fails(
      'under maintenance and entering it, for every cause',
      {
        units: {
          mlag: unit('underMaintenance', 'underMaintenance', { onBootMaintenance: true }),
          System: unit('maintenanceModeEnter', 'active', { intfsViolatingTrafficThreshold: true }),
          linecard3: unit('underMaintenance', 'underMaintenance'),
          linecard4: unit('active', 'active'),
        },
      },
      `
        Units under maintenance: 'mlag, linecard3'
        Units entering maintenance: 'System'
        Possible causes: 'Interface traffic threshold violation, On-boot maintenance is configured, Quiesce is configured'
      `,
    ),
    fails(
      'for no cause that is known',
      { units: { System: unit('maintenanceModeEnter', 'active') } },
      "Units entering maintenance: 'System'",
    ),
    passes('no units', { units: {}, warnings: ['Maintenance Mode is disabled.'] }),
  ]),
]

const HEADER = 'Filesystem      Size  Used Avail Use% Mounted on\n'

const flash = (size: number, free: number) => ({ fileSystems: [{ prefix: 'flash:', size, free }] })
const printed = (json: Json) => ({ output: JSON.stringify(json) })
const folder = (path: string, ...names: readonly string[]) => ({
  urls: { [path]: { entries: Object.fromEntries(names.map((name) => [name, { permissions: '-rw-' }])) } },
})

const both = { max_utilization: 60, check_peer_supervisor: true }
const scripts = { filenames: ['boot.py', 'constructor'] }

/** What the checks of disks and files must say. */
export const storageSystem: readonly Row[] = [
  ...rowsOf('VerifyFileSystemUtilization', { command: 'bash timeout 10 df -h' }, [
    passes(
      'nothing is full but an image',
      `${HEADER}/dev/sda2       3.9G  2.9G  1.0G  75% /mnt/flash\n/dev/loop0      461M  461M     0 100% /rootfs-i386\n`,
    ),
    fails(
      'two partitions',
      `${HEADER}/dev/sda2       3.9G  3.0G  0.9G  76% /mnt/flash\ntmpfs           294M  294M     0 100% /var/log\n`,
      `
        Mount point: /dev/sda2       3.9G  3.0G  0.9G  76% /mnt/flash - Higher disk space utilization - Expected: 75% Actual: 76%
        Mount point: tmpfs           294M  294M     0 100% /var/log - Higher disk space utilization - Expected: 75% Actual: 100%
      `,
    ),
    errs('empty', '', '`df -h` printed no partition'),
    errs('only images', `${HEADER}/dev/loop0 461M 461M 0 100% /rootfs-i386\n`, '`df -h` printed no partition'),
  ]),
  ...rowsOf('VerifyFlashUtilization', { command: 'show file systems', empty: 'does not tell fileSystems' }, [
    passes('as full as it may be', flash(1000, 300)),
    fails('too full', flash(3000, 500), 'Flash utilization above threshold - Expected: <= 70% Actual: 83.33%'),
    fails(
      'both too full',
      [flash(1000, 300), printed(flash(1000, 250))],
      `
        Active Supervisor - Flash utilization above threshold - Expected: <= 60.0% Actual: 70.0%
        Standby Supervisor - Flash utilization above threshold - Expected: <= 60.0% Actual: 75.0%
      `,
      both,
    ),
    fails('a size of nothing', flash(0, 0), 'Flash reported a size of 0'),
    fails('no flash', { fileSystems: [{ prefix: 'file:', size: 1, free: 1 }] }, 'Flash not found'),
    fails(
      'the other supervisor prints no JSON',
      [flash(1000, 900), { output: '% Peer supervisor is not present' }],
      'Standby Supervisor - Failed to parse command output - it is no JSON',
      both,
    ),
    fails(
      'the other supervisor prints another JSON',
      [flash(1000, 900), printed({ errors: ['Invalid input'] })],
      "Standby Supervisor - Failed to parse command output - 'fileSystems'",
      both,
    ),
  ]),
  ...rowsOf('VerifyFilePresence', { command: 'dir flash:/', inputs: scripts }, [
    passes('both files', folder('flash:/', 'boot.py', 'constructor', 'startup-config')),
    passes('on both supervisors', [folder('flash:/', 'boot.py'), folder('supervisor-peer:/mnt/flash', 'boot.py')], {
      filenames: ['boot.py'],
      check_peer_supervisor: true,
    }),
    fails(
      'no file, and no name that every object has',
      folder('flash:/', 'startup-config'),
      `
        File: boot.py - Not found
        File: constructor - Not found
      `,
    ),
    fails(
      'one on each supervisor',
      [folder('flash:/', 'constructor'), folder('supervisor-peer:/mnt/flash', 'boot.py')],
      `
        File: boot.py - Not found
        File: constructor - Not found on standby supervisor
      `,
      { ...scripts, check_peer_supervisor: true },
    ),
    errs('the other supervisor is absent', folder('flash:/'), '`dir supervisor-peer:/mnt/flash` was not answered', {
      ...scripts,
      check_peer_supervisor: true,
    }),
    fails(
      'empty',
      { urls: {} },
      `
        File: boot.py - Not found
        File: constructor - Not found
      `,
    ),
    fails(
      'no folder',
      {},
      `
        File: boot.py - Not found
        File: constructor - Not found
      `,
    ),
  ]),
]

/** What the checks of `system` must say. */
export const systemChecks: readonly Row[] = [...clockSystem, ...healthSystem, ...storageSystem]
