/**
 * The baseline: a transfer that checks the receiver first, as people often write it by hand, with an end key, AstDB, a
 * redirect, and pbx_lua's service thread left on. The caller has no way back if the receiver does not answer.
 */
export const recipeLua = `
extensions = extensions or {}
extensions["recipe"] = {
  ["s"] = function()
    app.Read("RECEIVER", "pbx-transfer", nil, nil, 1, 5)
    local receiver = channel.RECEIVER:get()
    local caller = channel.BRIDGEPEER:get()
    local away = channel.DB("away/" .. tostring(receiver)):get()
    local state = channel.DEVICE_STATE("PJSIP/" .. tostring(receiver)):get()
    if receiver ~= nil and receiver ~= "" and (away or "") == "" and state == "NOT_INUSE" then
      app.ChannelRedirect(caller, "internal", receiver, 1)
    else
      app.Playback("pbx-invalid")
    end
    app.Return()
  end
}
`;
