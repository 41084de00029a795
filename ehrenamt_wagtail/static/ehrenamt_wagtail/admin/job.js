// Reads the page of a long job again and again and takes over what has changed; without JavaScript the page refreshes itself.
(() => {
  const PAUSE = 2000;
  const job = document.getElementById("ehrenamt-job");
  const parts = (root) => root.querySelectorAll("[data-part]");

  const read = async () => {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("ehrenamt-job");
      if (!fresh) {
        // Signed out meanwhile, most likely.
        window.location.reload();
        return;
      }
      parts(job).forEach((part, number) => {
        const text = parts(fresh)[number].innerHTML;
        // What stays the same is not read out again.
        if (part.innerHTML !== text) part.innerHTML = text;
      });
      if (!("underWay" in fresh.dataset)) return;
    } catch {
      // No connection for a moment.
    }
    window.setTimeout(read, PAUSE);
  };

  if (job && "underWay" in job.dataset) window.setTimeout(read, PAUSE);
})();
