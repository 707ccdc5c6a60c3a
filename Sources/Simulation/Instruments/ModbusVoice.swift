/// A Modbus instrument in any of its framings.
public struct ModbusVoice: InstrumentVoice {
    private let slave: ModbusSlave
    private var framing: SlaveFraming

    public init(_ slave: ModbusSlave, _ frames: SlaveFrames = .rtu) {
        self.slave = slave
        framing = SlaveFraming(frames)
    }

    public mutating func hear(_ bytes: [UInt8], at time: Double) -> [SpokenAnswer] {
        framing.append(bytes)
        var answers: [SpokenAnswer] = []
        while let request = framing.next() {
            if request.unit == slave.unit {
                answers.append(SpokenAnswer(framing.frame(slave.answer(request.pdu, at: time), to: request)))
            } else if request.unit == 0, framing.frames != .tcp, [5, 6, 15, 16].contains(request.pdu[0]) {
                // A broadcast is obeyed and not answered (Modbus over serial line V1.02, 2.1).
                _ = slave.answer(request.pdu, at: time)
            }
        }
        return answers
    }

    public mutating func hearSilence(at time: Double) { framing.reset() }
}
