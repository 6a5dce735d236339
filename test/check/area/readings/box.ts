import type { AreaReading } from './reading.ts'

const CRASH = [
  '===> /var/log/agents/Bgp-830 Fri Jul  7 15:07:00 2023 <===',
  '===== Output from /usr/bin/Bgp [] (PID=830) started Jul  7 15:06:10.871700 ===',
  'EntityManager::doBackoff waiting for remote sysdb version ....ok',
  '',
].join('\n')

const hardwareTable = (table: string, feature: string, chip: string, usedPercent: number, highWatermark: number) => ({
  table,
  feature,
  chip,
  usedPercent,
  highWatermark,
})

/** What areas of the switch itself read. */
export const box: Readonly<Record<string, AreaReading>> = {
  agents: {
    replies: ({ time }) => [
      { output: CRASH },
      { agents: { Rib: { agentStartTime: time, restartCount: 0 }, Bgp: { agentStartTime: time, restartCount: 1 } } },
    ],
    state: { crashes: ['/var/log/agents/Bgp-830 Fri Jul  7 15:07:00 2023'], restarts: { Bgp: 1, Rib: 0 } },
    planted: [
      { at: [1, 'agents', 'Rib', 'restartCount'], is: 1, line: 'agent Rib restarted: 0 -> 1 times' },
      {
        at: [0, 'output'],
        is: `${CRASH}===> /var/log/agents/Rib-901 Fri Jul  7 16:00:00 2023 <===\n`,
        line: 'agent Rib crashed: /var/log/agents/Rib-901 Fri Jul  7 16:00:00 2023',
      },
    ],
  },
  'hardware-capacity': {
    replies: ({ count }) => [
      {
        tables: [
          hardwareTable('InLIF', 'PortDefault', 'Fap14/0', 94, count),
          hardwareTable('InLIF', '', '', 81, count),
        ],
      },
    ],
    state: { InLIF: 81, 'InLIF PortDefault Fap14/0': 94 },
    planted: [
      {
        at: [0, 'tables', 1],
        is: hardwareTable('InLIF', '', '', 99, 0),
        line: 'hardware table InLIF: 81 % -> 99 %',
      },
      {
        at: [0, 'tables'],
        is: [hardwareTable('InLIF', 'PortDefault', 'Fap14/0', 94, 0)],
        line: 'hardware table InLIF: 81 % -> at most 50 %',
      },
    ],
  },
  environment: {
    replies: ({ count, time }) => [
      {
        systemStatus: 'coolingOk',
        ambientTemperature: time,
        fanTraySlots: [
          { label: '1', status: 'ok', speed: count, fans: [{ label: '1/1', status: 'ok', actualSpeed: count }] },
        ],
        powerSupplySlots: [
          { label: 'PowerSupply1', status: 'ok', fans: [{ label: 'PowerSupply1/1', status: 'ok', uptime: time }] },
        ],
      },
      { powerSupplies: { '1': { state: 'ok', modelName: 'PWR-500AC-F', outputPower: time, uptime: time } } },
      {
        systemStatus: 'temperatureOk',
        tempSensors: [{ name: 'TempSensor1', hwStatus: 'ok', inAlertState: false, currentTemperature: time }],
        powerSupplySlots: [{ relPos: '1', tempSensors: [{ name: 'TempSensorP1/1', hwStatus: 'ok' }] }],
        cardSlots: [],
      },
    ],
    state: {
      cooling: 'coolingOk',
      'fan 1/1': 'ok',
      'fan PowerSupply1/1': 'ok',
      'power supply 1': 'ok',
      'sensor TempSensor1': 'ok',
      'sensor TempSensorP1/1': 'ok',
      temperature: 'temperatureOk',
    },
    planted: [
      { at: [1, 'powerSupplies', '1', 'state'], is: 'powerLoss', line: 'power supply 1: ok -> powerLoss' },
      { at: [0, 'fanTraySlots', 0, 'fans', 0, 'status'], is: 'failed', line: 'fan 1/1: ok -> failed' },
      { at: [2, 'tempSensors', 0, 'inAlertState'], is: true, line: 'sensor TempSensor1: ok -> ok, too hot' },
      {
        at: [2, 'systemStatus'],
        is: 'temperatureOverheat',
        line: 'temperature: temperatureOk -> temperatureOverheat',
      },
    ],
  },
  ntp: {
    replies: ({ count }) => [
      { output: `synchronised to NTP server (10.0.0.5) at stratum 3\n   time correct to within ${count} ms\n` },
      {
        peers: {
          '10.0.0.6': {
            condition: count % 2 === 0 ? 'candidate' : 'sys.peer',
            peerIpAddr: '10.0.0.6',
            stratumLevel: 2,
          },
          '10.0.0.5': {
            condition: count % 2 === 0 ? 'sys.peer' : 'candidate',
            peerIpAddr: '10.0.0.5',
            stratumLevel: 2,
          },
        },
      },
    ],
    state: { clock: 'synchronised', servers: { '10.0.0.5': 'usable', '10.0.0.6': 'usable' } },
    planted: [
      { at: [0, 'output'], is: 'unsynchronised\npoll interval unknown\n', line: 'NTP: synchronised -> unsynchronised' },
      { at: [1, 'peers', '10.0.0.6', 'condition'], is: 'reject', line: 'NTP server 10.0.0.6: usable -> reject' },
    ],
  },
  'reload-cause': {
    replies: () => [
      {
        resetCauses: [
          { description: 'Reload requested by the user.', timestamp: 1_683_186_892.4, debugInfoIsDir: false },
        ],
        full: false,
      },
    ],
    state: [{ cause: 'Reload requested by the user.', at: 1_683_186_892 }],
    planted: [
      {
        at: [0, 'resetCauses', 0, 'timestamp'],
        is: 1_683_190_492.1,
        line: 'last reload: Reload requested by the user. (2023-05-04T07:54:52Z) -> Reload requested by the user. (2023-05-04T08:54:52Z)',
      },
    ],
  },
}
