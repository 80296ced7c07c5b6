/**
 * find without actions: it lists names and never content. Source: GNU findutils 4.10 and BSD find. Left out on purpose:
 * everything that executes (`-exec`, `-execdir`, `-ok`, `-okdir`), deletes, writes (`-fprint*`, `-fls`), follows links
 * (`-L`, `-follow`) or reads names out of files (`-files0-from`).
 */
import { doubtful, harmless, type Inspector, shallow } from '../inspection';
import { split } from '../options';

const ALONE = new Set(
  split(`-print -print0 -ls -prune -quit -true -false -empty -depth -mount -xdev -daystart -noleaf -not -a -and -o -or
    ! ( ) , -nouser -nogroup -readable -writable -executable -warn -nowarn`),
);
const WITH_VALUE = new Set(
  split(`-name -iname -path -ipath -wholename -iwholename -regex -iregex -regextype -type -xtype -size -mtime -atime
    -ctime -mmin -amin -cmin -maxdepth -mindepth -perm -user -group -uid -gid -links -inum -fstype -used -printf -lname
    -ilname`),
);
const WITH_PATH = new Set(split('-newer -anewer -cnewer -samefile'));
/** `-newerXY`: Y is a kind of time of a file, or `t` for a time that is written out. */
const NEWER = /^-newer[aBcm]([aBcm]|t)$/;

const startsExpression = (word: string): boolean => word.startsWith('-') || ['(', '!', ')', ','].includes(word);

const find: Inspector = (args) => {
  const options = args.findIndex((arg) => arg !== '-H' && arg !== '-P');
  const words = options < 0 ? [] : args.slice(options);
  const expressionAt = words.findIndex(startsExpression);
  const starts = expressionAt < 0 ? words : words.slice(0, expressionAt);
  const paths = starts.length === 0 ? ['.'] : [...starts];
  for (let at = starts.length; at < words.length; at++) {
    const word = words[at] ?? '';
    if (ALONE.has(word)) continue;
    const newer = NEWER.exec(word)?.[1];
    if (!WITH_VALUE.has(word) && !WITH_PATH.has(word) && newer === undefined)
      return doubtful(`find's ${word} is not known to be harmless`);
    const value = words[++at];
    if (value === undefined) return doubtful(`find's ${word} has no value`);
    if (WITH_PATH.has(word) || (newer !== undefined && newer !== 't')) paths.push(value);
  }
  return harmless(shallow(paths));
};

export const FIND: readonly (readonly [string, Inspector])[] = [['find', find]];
