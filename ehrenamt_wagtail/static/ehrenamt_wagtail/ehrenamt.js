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

  /* Buttons that are hidden until the browser says that it can do this. */
  function offer(name, can, act) {
    Array.prototype.forEach.call(document.querySelectorAll("[data-ehrenamt-" + name + "]"), function (button) {
      if (can) {
        button.hidden = false;
        button.addEventListener("click", function () {
          act(button, button.getAttribute("data-ehrenamt-" + name));
        });
      }
    });
  }

  offer("print", window.print, function () {
    window.print();
  });
  offer("share", navigator.share, function (button, address) {
    /* Who changes their mind has not failed. */
    navigator.share({ title: document.title, url: address }).catch(function () {});
  });
  offer("copy", navigator.clipboard && navigator.clipboard.writeText, function (button, address) {
    navigator.clipboard.writeText(address).then(function () {
      var status = button.parentNode.querySelector("[role=status]");
      status.textContent = "";
      status.textContent = button.getAttribute("data-ehrenamt-copied");
    });
  });

  /* What else is planned: asked again a moment after dates, place or topics change. */
  var COMPARED = /^(dates-|title$|training_format$|organisation$|mode$|venue$|municipality$|topics$|audience$|summary$|contents$)/;
  var PAUSE = 700; /* milliseconds */
  Array.prototype.forEach.call(document.querySelectorAll("[data-ehrenamt-check]"), function (section) {
    var form = section.closest ? section.closest("form") : null;
    if (!form || !window.fetch || !window.FormData || !window.URLSearchParams) {
      return;
    }
    var result = section.querySelector("[data-ehrenamt-check-result]");
    var status = section.querySelector("[data-ehrenamt-check-status]");
    var failed = section.querySelector("[data-ehrenamt-check-failed]");
    var timer = null;
    var number = 0;

    function body() {
      var data = new URLSearchParams();
      new FormData(form).forEach(function (value, name) {
        if (typeof value === "string") {
          data.append(name, value);
        }
      });
      return data;
    }

    function ask() {
      var own = (number += 1);
      window.clearTimeout(timer);
      window
        .fetch(section.getAttribute("data-ehrenamt-check"), { method: "POST", body: body(), credentials: "same-origin" })
        .then(function (response) {
          if (!response.ok || response.redirected) {
            throw new Error("not checked");
          }
          return response.text();
        })
        .then(function (html) {
          if (own !== number) {
            return; /* a newer question is on its way */
          }
          result.innerHTML = html;
          failed.hidden = true;
          var part = result.querySelector("[data-ehrenamt-summary]");
          var summary = part ? part.getAttribute("data-ehrenamt-summary") : "";
          if (status.textContent !== summary) {
            status.textContent = summary;
          }
        })
        .catch(function () {
          if (own === number) {
            failed.hidden = false;
          }
        });
    }

    function later(event) {
      if (event.target.name && COMPARED.test(event.target.name)) {
        window.clearTimeout(timer);
        timer = window.setTimeout(ask, PAUSE);
      }
    }

    form.addEventListener("input", later);
    form.addEventListener("change", later);
    section.querySelector("[data-ehrenamt-check-now]").addEventListener("click", function (event) {
      event.preventDefault();
      status.textContent = "";
      ask();
    });
  });
})();
