import type { ClientConnectUser } from 'ccass-2fa/eservices'

const right = 'EU_UserMaintenance'

/**
 * The Client Connect users of the seeded participant. A real host knows them from HKEX's Access Management
 * Portal.
 */
export const people: readonly ClientConnectUser[] = [
  {
    id: 'c.cheung@abc-securities.example',
    name: 'C Cheung',
    email: 'c.cheung@abc-securities.example',
    participant: 'B01234',
    rights: [right],
    roles: ['Maker'],
  },
  {
    id: 'd.wong@abc-securities.example',
    name: 'D Wong',
    email: 'd.wong@abc-securities.example',
    participant: 'B01234',
    rights: [right],
    roles: ['Checker'],
  },
  {
    id: 'e.lau@abc-securities.example',
    name: 'E Lau',
    email: 'e.lau@abc-securities.example',
    participant: 'B01234',
    rights: [right],
    roles: ['Checker'],
  },
]
