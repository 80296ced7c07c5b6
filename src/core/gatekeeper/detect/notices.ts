/** Where a text names those who wrote it: licences, and the authors of packages. Found once for a text, not for each address. */

/** What the texts of licences say. */
const LICENCE =
  /Permission is hereby granted|Permission to use, copy|Redistribution and use in source|Apache License|GNU (?:Lesser |Affero |Library )?General Public|Mozilla Public License|WITHOUT (?:ANY )?WARRANT|SPDX-License-Identifier|Licensed under|All rights reserved/gi;
const AUTHORS =
  /"(?:author|authors|maintainers|contributors|_npmUser|publisher|bugs|support)"\s*:\s*[[{]|=head1 AUTHORS?\b/g;

const NEAR = 4000;

type Notices = { readonly licences: readonly number[]; readonly authors: readonly number[] };
let last: { readonly text: string; readonly notices: Notices } = { text: '', notices: { licences: [], authors: [] } };

function noticesOf(text: string): Notices {
  if (last.text !== text) {
    const places = (pattern: RegExp) => Array.from(text.matchAll(pattern), ({ index }) => index);
    last = { text, notices: { licences: places(LICENCE), authors: places(AUTHORS) } };
  }
  return last.notices;
}

/** True near the words of a licence. */
export const isInLicence = (text: string, at: number): boolean =>
  noticesOf(text).licences.some((place) => Math.abs(place - at) < NEAR);

/** True inside the list of those who made a package. */
export function isAmongAuthors(text: string, at: number): boolean {
  const place = noticesOf(text).authors.findLast((one) => one < at);
  if (place === undefined || at - place > NEAR) return false;
  const between = text.slice(place, at);
  if (between.startsWith('=')) return between.length < 400;
  return between.includes('[') ? !between.includes(']') : !between.includes('}');
}
