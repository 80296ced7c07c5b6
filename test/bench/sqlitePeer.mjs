/**
 * The peer of the append measurement: node:sqlite in WAL mode with synchronous=FULL, one transaction for each event.
 * `node sqlitePeer.mjs FILE COUNT BYTES` prints events per second.
 */
import { DatabaseSync } from 'node:sqlite';

const [file, count, bytes] = process.argv.slice(2);
const database = new DatabaseSync(file);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
database.exec('CREATE TABLE IF NOT EXISTS events (seq INTEGER PRIMARY KEY, line TEXT NOT NULL) STRICT');
const insert = database.prepare('INSERT INTO events (line) VALUES (?)');
const line = 'x'.repeat(Number(bytes));
for (let i = 0; i < 50; i += 1) insert.run(line);
const start = performance.now();
for (let i = 0; i < Number(count); i += 1) insert.run(line);
console.log((Number(count) / (performance.now() - start)) * 1000);
database.close();
