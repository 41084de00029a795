/* Nothing here is needed: it only saves a click or a round trip. */
(function () {
  "use strict";

  var summary = document.querySelector("[data-ehrenamt-focus]");
  if (summary) {
    summary.focus();
  }

  /* "Add another date" inserts a row at once instead of asking the server for one. */
  document.addEventListener("click", function (event) {
    var button = event.target.closest ? event.target.closest("[data-ehrenamt-add]") : null;
    if (!button) {
      return;
    }
    var set = document.getElementById(button.getAttribute("data-ehrenamt-add"));
    var template = set && set.querySelector("template");
    var total = set && set.querySelector("input[name$='-TOTAL_FORMS']");
    var rows = set && set.querySelector("[data-ehrenamt-rows]");
    if (!template || !total || !rows) {
      return;
    }
    event.preventDefault();
    var index = parseInt(total.value, 10);
    var holder = document.createElement("div");
    holder.innerHTML = template.innerHTML
      .replace(/__prefix__/g, String(index))
      .replace(/__number__/g, String(index + 1));
    while (holder.firstChild) {
      rows.appendChild(holder.firstChild);
    }
    total.value = String(index + 1);
    var field = document.querySelector("[name^='" + total.name.replace("TOTAL_FORMS", index + "-") + "']:not([type=hidden])");
    if (field) {
      field.focus();
    }
  });
})();
