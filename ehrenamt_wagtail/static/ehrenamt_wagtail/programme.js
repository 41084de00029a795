/*
 * Nothing here is needed: without it each link and each button of the programme loads a page.
 * With it the parts of the page that differ are taken out of the answer, which is the whole page of that address.
 */
(function () {
  "use strict";

  var PAUSE = 700; /* milliseconds after the last change of a date or a choice; boxes count at once */
  var SLOW = 400; /* milliseconds until the page says that it is loading */
  var HEAD = "head > link[rel='canonical'], head > link[rel='alternate'], head > meta[name='robots']";

  var status = document.querySelector("[data-ehrenamt-status]");
  var loading = document.querySelector("[data-ehrenamt-loading]");
  if (!status || !loading || !window.fetch || !window.AbortController || !window.URLSearchParams || !Element.prototype.closest) {
    return;
  }

  var asked = null; /* the question that is on its way */
  var pause = null;
  var slow = null;
  var shown = window.location.pathname + window.location.search;
  var entry = (window.history.state && window.history.state.ehrenamt) || 0; /* place in the history */
  var scrolled = {}; /* how far, by entry */

  function all(root, selector) {
    return Array.prototype.slice.call(root.querySelectorAll(selector));
  }

  function partsOf(root) {
    return all(root, "[data-ehrenamt-part]");
  }

  function twinOf(part, root) {
    return root.querySelector("[data-ehrenamt-part='" + part.getAttribute("data-ehrenamt-part") + "']");
  }

  function linksOf(group) {
    return all(group, "a:not([data-ehrenamt-all])");
  }

  /* Asking */

  function forget() {
    window.clearTimeout(pause);
    window.clearTimeout(slow);
    if (asked) {
      asked.abort();
    }
    asked = null;
    loading.hidden = true;
    status.textContent = "";
  }

  function load(url, how) {
    forget();
    var own = (asked = new window.AbortController());
    slow = window.setTimeout(function () {
      loading.hidden = false;
      status.textContent = loading.textContent;
    }, SLOW);
    window
      .fetch(url, { credentials: "same-origin", headers: { Accept: "text/html" }, signal: own.signal })
      .then(function (response) {
        if (!response.ok || (response.headers.get("Content-Type") || "").indexOf("text/html") !== 0) {
          throw new Error("no page");
        }
        return response.text().then(function (text) {
          if (asked === own) {
            show(new window.DOMParser().parseFromString(text, "text/html"), new URL(response.url), how);
          }
        });
      })
      .catch(function () {
        if (asked === own) {
          forget();
          leave(url, how);
        }
      });
  }

  /* What cannot be shown in place is shown as if there was no script. */
  function leave(url, how) {
    if (how.back) {
      window.location.reload();
    } else {
      window.location.assign(url);
    }
  }

  /* Showing */

  function show(fresh, url, how) {
    var parts = partsOf(document);
    var twins = partsOf(fresh);
    var isAlike = parts.length === twins.length && parts.every(function (part) { return twinOf(part, fresh); });
    if (!isAlike || url.origin !== window.location.origin) {
      throw new Error("another kind of page");
    }
    forget();
    remember(url, how);
    document.title = fresh.title;
    all(document, HEAD).forEach(function (node) { node.remove(); });
    all(fresh, HEAD).forEach(function (node) { document.head.appendChild(document.importNode(node, true)); });
    parts.forEach(function (part) {
      var twin = twinOf(part, fresh);
      if (part.hasAttribute("data-ehrenamt-keep")) {
        adapt(part, twin, how);
      } else {
        part.replaceWith(document.importNode(twin, true));
      }
    });
    var isTold = moveFocus(how);
    var told = all(document, isTold ? "[data-ehrenamt-said]" : "[data-ehrenamt-said], [data-ehrenamt-count]");
    status.textContent = told.map(function (node) { return node.textContent.trim(); }).join(" ");
    document.dispatchEvent(new CustomEvent("ehrenamt:shown"));
  }

  function remember(url, how) {
    var address = url.pathname + url.search;
    if (!how.back && address !== shown) {
      entry += 1;
      window.history.pushState({ ehrenamt: entry }, "", address + url.hash);
    }
    shown = address;
  }

  function moveFocus(how) {
    if (how.back) {
      window.scrollTo(0, how.scroll);
      return false;
    }
    if (how.link ? document.contains(how.link) : !how.isSubmitted) {
      return false;
    }
    if (how.group) {
      var group = document.querySelector("[data-ehrenamt-stay='" + how.group + "']");
      var links = group ? linksOf(group) : [];
      var next = links[Math.min(how.index, links.length - 1)];
      if (next) {
        next.focus({ preventScroll: true });
        return false;
      }
    }
    return focusCount();
  }

  function focusCount() {
    var count = document.querySelector("[data-ehrenamt-count]");
    if (!count) {
      return false;
    }
    count.setAttribute("tabindex", "-1");
    count.focus({ preventScroll: true });
    var place = count.getBoundingClientRect();
    if (place.top < 0 || place.bottom > window.innerHeight) {
      count.scrollIntoView();
    }
    return true;
  }

  /* A form keeps its elements, and with them the focus, what is being typed, what is unfolded and how far it is scrolled. */

  function adapt(node, wanted, how) {
    if (node.nodeType !== Node.ELEMENT_NODE) {
      if (node.nodeValue !== wanted.nodeValue) {
        node.nodeValue = wanted.nodeValue;
      }
      return;
    }
    if (node.hasAttribute("data-ehrenamt-stay")) {
      node.replaceWith(document.importNode(wanted, true));
      return;
    }
    adaptAttributes(node, wanted);
    adaptChildren(node, wanted, how);
    if (/^(INPUT|SELECT|TEXTAREA)$/.test(node.nodeName)) {
      if (node.type === "checkbox" || node.type === "radio") {
        node.checked = wanted.checked;
      } else if (node.value !== wanted.value && (node !== document.activeElement || how.back)) {
        node.value = wanted.value;
      }
    }
  }

  function adaptAttributes(node, wanted) {
    Array.prototype.slice.call(wanted.attributes).forEach(function (attribute) {
      if (attribute.name !== "open" && node.getAttribute(attribute.name) !== attribute.value) {
        node.setAttribute(attribute.name, attribute.value);
      }
    });
    Array.prototype.slice.call(node.attributes).forEach(function (attribute) {
      if (attribute.name !== "open" && !wanted.hasAttribute(attribute.name)) {
        node.removeAttribute(attribute.name);
      }
    });
  }

  function adaptChildren(node, wanted, how) {
    var next = node.firstChild;
    Array.prototype.slice.call(wanted.childNodes).forEach(function (child) {
      var same = next;
      while (same && !isTwin(same, child)) {
        same = same.nextSibling;
      }
      if (!same) {
        node.insertBefore(document.importNode(child, true), next);
        return;
      }
      while (next !== same) {
        next = takenAway(next);
      }
      next = same.nextSibling;
      adapt(same, child, how);
    });
    while (next) {
      next = takenAway(next);
    }
  }

  /* Elements are known by their id or by those in them, of which some may be missing. */
  function isTwin(node, wanted) {
    if (node.nodeName !== wanted.nodeName || (node.id || "") !== (wanted.id || "")) {
      return false;
    }
    if (node.id || node.nodeType !== Node.ELEMENT_NODE) {
      return true;
    }
    var one = node.querySelector("[id]");
    var other = wanted.querySelector("[id]");
    return one && other ? holds(wanted, one.id) || holds(node, other.id) : one === other;
  }

  function holds(node, id) {
    return node.querySelector("[id='" + id + "']");
  }

  /* A choice that would find nothing any more stays where it is and says so: nothing moves below the finger. Gives what comes next. */
  function takenAway(node) {
    var next = node.nextSibling;
    var boxes = node.nodeType === Node.ELEMENT_NODE ? all(node, "input[type='checkbox']") : [];
    boxes.forEach(function (box) { box.checked = false; });
    if (boxes.length) {
      all(node, ".ehrenamt-field__count").forEach(function (count) { count.textContent = "(0)"; });
    } else {
      node.remove();
    }
    return next;
  }

  /* What visitors do */

  function addressOf(form) {
    var query = new URLSearchParams();
    new FormData(form).forEach(function (value, name) {
      if (value.trim()) {
        query.append(name, value);
      }
    });
    var text = query.toString();
    return (form.getAttribute("action") || window.location.pathname) + (text ? "?" + text : "");
  }

  document.addEventListener("change", function (event) {
    var field = event.target;
    var form = field.closest("[data-ehrenamt-filter]");
    /* While one types a year, "2" and "20" are years as well. */
    if (!form || field.type === "search" || (field.type === "date" && field.value && field.value < "1900")) {
      return;
    }
    forget();
    if (field.type === "checkbox" || field.type === "radio") {
      load(addressOf(form), {});
    } else {
      pause = window.setTimeout(function () { load(addressOf(form), {}); }, PAUSE);
    }
  });

  document.addEventListener("submit", function (event) {
    if (event.target.matches("[data-ehrenamt-filter]")) {
      event.preventDefault();
      load(addressOf(event.target), { isSubmitted: true });
    } else {
      forget();
    }
  });

  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href]");
    var opensElsewhere = event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    if (!link || event.defaultPrevented || opensElsewhere || link.target || link.hasAttribute("download")) {
      return;
    }
    if (link.hash && link.pathname + link.search === shown) {
      return;
    }
    var group = link.closest("[data-ehrenamt-stay]");
    var isInPlace = link.closest("[data-ehrenamt-part]") && (group || link.pathname === window.location.pathname);
    if (!isInPlace || link.origin !== window.location.origin) {
      forget();
      return;
    }
    event.preventDefault();
    load(link.href, {
      link: link,
      group: group && group.getAttribute("data-ehrenamt-stay"),
      index: group ? linksOf(group).indexOf(link) : -1
    });
  });

  window.addEventListener("scroll", function () { scrolled[entry] = window.scrollY; }, { passive: true });

  window.addEventListener("popstate", function (event) {
    if (window.location.pathname + window.location.search === shown) {
      return;
    }
    entry = (event.state && event.state.ehrenamt) || 0;
    load(window.location.href, { back: true, scroll: scrolled[entry] || 0 });
  });
})();
