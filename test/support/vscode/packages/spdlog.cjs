// Stands in for VS Code's log library, whose compiled part npm does not carry: without one no log file is written and every
// output channel stays empty. Writes at once, does not rotate.
const { appendFileSync, mkdirSync } = require("node:fs");
const { dirname } = require("node:path");

const levels = ["trace", "debug", "info", "warn", "error", "critical"];

class Logger {
  #file;
  #level = 0;
  #raw = false;

  constructor(_type, _name, file) {
    this.#file = file;
    if (file) mkdirSync(dirname(file), { recursive: true });
    for (const [level, name] of levels.entries()) this[name] = (message) => this.#write(level, name, message);
  }

  #write(level, name, message) {
    if (level < this.#level || !this.#file) return;
    const time = new Date().toISOString().replace("T", " ").replace("Z", "");
    appendFileSync(this.#file, this.#raw ? message : `${time} [${name}] ${message}\n`);
  }

  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  clearFormatters() {
    this.#raw = true;
  }
  setPattern() {}
  flush() {}
  drop() {}
}

async function createLogger(name, file) {
  return new Logger("rotating", name, file);
}

// One by one: an `import` of this file sees names that are assigned so.
exports.version = 1;
exports.Logger = Logger;
exports.setLevel = () => {};
exports.setFlushOn = () => {};
exports.createRotatingLogger = createLogger;
exports.createAsyncRotatingLogger = createLogger;
