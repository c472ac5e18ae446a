"use strict";
/** Prints mocha's list and writes the JSON reporter's file, whose name is in the options. */
const mocha = require("mocha");

const { JSON: JsonReporter, Spec } = mocha.reporters;

module.exports = class SpecAndJson extends Spec {
  constructor(runner, options) {
    super(runner, options);
    this.json = new JsonReporter(runner, { ...options, reporterOption: options.reporterOptions });
  }
};
