/** Where networks are, as far as the operator has said so: a school's server knows no geography, and asks nobody on the internet. */
import { BlockList, isIP } from 'node:net'

export interface Place {
  readonly title: string
  /** Degrees. */
  readonly latitude: number
  readonly longitude: number
}

export interface ListedPlace extends Place {
  /** `203.0.113.0/24`, `2001:db8::/32`, or one address. */
  readonly networks: readonly string[]
}

/** @returns the first of them whose networks hold the address */
export function placesOf(listed: readonly ListedPlace[]): (address: string) => Place | undefined {
  const all = listed.map(place => ({ place, holds: inNetworks(place.networks) }))
  return address => all.find(({ holds }) => holds(address))?.place
}

export function inNetworks(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = familyOf(address)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return address => networks.length > 0 && isIP(address) !== 0 && list.check(address, familyOf(address))
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

const EARTH_RADIUS_KM = 6_371
/** Closer than this the places of networks say nothing: a provider serves a whole region from one city. */
const NEAR_KM = 300

/** Kilometres between two places, along the surface (haversine). */
export function distance(one: Place, other: Place): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180
  const half = (from: number, to: number) => Math.sin(radians(to - from) / 2) ** 2
  const a =
    half(one.latitude, other.latitude) +
    Math.cos(radians(one.latitude)) * Math.cos(radians(other.latitude)) * half(one.longitude, other.longitude)
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.sqrt(a))
}

/** Somebody was here at this time. */
export interface Stay {
  readonly place: Place
  readonly at: number
}

/** @returns kilometres of the fastest journey between the latest stay and one of the others, when nobody travels so fast */
export function impossible(stays: readonly Stay[], kilometresAnHour: number): number | undefined {
  const [latest, ...others] = [...stays].sort((one, other) => other.at - one.at)
  if (!latest) return undefined
  const far = others
    .map(stay => ({ kilometres: distance(latest.place, stay.place), hours: (latest.at - stay.at) / 3_600_000 }))
    .filter(({ kilometres, hours }) => kilometres >= NEAR_KM && kilometres > kilometresAnHour * hours)
    .map(({ kilometres }) => kilometres)
  return far.length === 0 ? undefined : Math.round(Math.max(...far))
}
