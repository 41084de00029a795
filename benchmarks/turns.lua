-- wrk asks for the addresses of a file in turn: wrk --script turns.lua URL -- FILE
local addresses, turn = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    addresses[#addresses + 1] = line
  end
end

function request()
  turn = turn % #addresses + 1
  return wrk.format("GET", addresses[turn])
end
